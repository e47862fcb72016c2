import { proveSrp, startSrp } from '../../lambdas/adapters/srp.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface CognitoAnswer {
  readonly status: number;
  readonly body: {
    readonly __type?: string;
    readonly message?: string;
    readonly ChallengeName?: string;
    readonly ChallengeParameters?: Readonly<Record<string, string>>;
    readonly Session?: string;
    readonly AuthenticationResult?: {
      readonly AccessToken: string;
      readonly IdToken: string;
      readonly RefreshToken: string;
    };
  } & Fields;
}

/** A challenge as the next call needs it. */
export interface Round {
  readonly username: string;
  readonly session: string;
  readonly step: string;
  readonly flow: string;
}

/**
 * Cognito's endpoint called by hand, call by call: what an attacker does, and what no client library lets a test do
 * (one session twice, metadata that differs from round to round). The web client has no secret.
 */
export class SdkDoor {
  readonly outputs: Outputs;
  readonly headers: Record<string, string>;

  constructor(outputs: Outputs, headers: Record<string, string> = {}) {
    this.outputs = outputs;
    this.headers = headers;
  }

  get clientId(): string {
    return this.outputs.clients.web.id;
  }

  async call(operation: string, input: Fields): Promise<CognitoAnswer> {
    const answer = await fetch(this.outputs.endpoints.cognitoIdp, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
        ...this.headers,
      },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : {}) as CognitoAnswer['body'] };
  }

  /** A context of the kind that our API mints for clients of this door. */
  async context(identifier: string, headers: Record<string, string> = {}): Promise<string> {
    const answer = await fetch(`${this.outputs.endpoints.identityApi}/v1/contexts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers, ...headers },
      body: JSON.stringify({ identifier }),
    });
    const { context } = (await answer.json()) as { context?: string };
    if (!context) throw new Error(`contexts answered ${answer.status}`);
    return context;
  }

  /** SRP_A and PASSWORD_VERIFIER; the second answer. */
  async password(
    username: string,
    password: string,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<CognitoAnswer> {
    const start = startSrp();
    const asked = await this.call('InitiateAuth', {
      AuthFlow: 'CUSTOM_AUTH',
      ClientId: this.clientId,
      AuthParameters: { USERNAME: username, CHALLENGE_NAME: 'SRP_A', SRP_A: start.publicHex },
    });
    const {
      USER_ID_FOR_SRP = '',
      SALT = '',
      SRP_B = '',
      SECRET_BLOCK = '',
    } = asked.body.ChallengeParameters ?? {};
    if (asked.body.ChallengeName !== 'PASSWORD_VERIFIER') return asked;
    const challenge = {
      poolName: this.outputs.userPoolId.split('_')[1] ?? '',
      userId: USER_ID_FOR_SRP,
      saltHex: SALT,
      serverPublicHex: SRP_B,
      secretBlock: SECRET_BLOCK,
    };
    const { signature, timestamp } = proveSrp(start, password, challenge, new Date());
    return this.respond('PASSWORD_VERIFIER', asked.body.Session ?? '', metadata, {
      USERNAME: USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
    });
  }

  answer(
    round: Pick<Round, 'session' | 'username'>,
    answer: string,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<CognitoAnswer> {
    return this.respond('CUSTOM_CHALLENGE', round.session, metadata, {
      USERNAME: round.username,
      ANSWER: answer,
    });
  }

  /** Password and `begin`; stands at the code, or has got tokens. */
  async begin(username: string, password: string, context?: string): Promise<CognitoAnswer> {
    const metadata: Record<string, string> = context ? { vestibule_context: context } : {};
    const first = await this.password(username, password, metadata);
    if (first.body.ChallengeName !== 'CUSTOM_CHALLENGE') return first;
    const begun = JSON.stringify({ ...(context && { context }), method: 'email-code' });
    return this.answer(roundOf(first), begun, metadata);
  }

  private respond(
    challengeName: string,
    session: string,
    metadata: Readonly<Record<string, string>>,
    answers: Readonly<Record<string, string>>,
  ): Promise<CognitoAnswer> {
    return this.call('RespondToAuthChallenge', {
      ChallengeName: challengeName,
      ClientId: this.clientId,
      Session: session,
      ChallengeResponses: answers,
      ClientMetadata: metadata,
    });
  }
}

/** @throws Error for an answer without a custom challenge */
export function roundOf({ status, body }: CognitoAnswer): Round {
  const { USERNAME = '', step = '', flow = '' } = body.ChallengeParameters ?? {};
  if (body.ChallengeName !== 'CUSTOM_CHALLENGE' || !body.Session) {
    throw new Error(`expected a challenge, got ${status} ${JSON.stringify(body)}`);
  }
  return { username: USERNAME, session: body.Session, step, flow };
}
