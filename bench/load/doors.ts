import type { Outputs } from '../../scripts/journey/outputs.ts';
import { type Posted, post } from './http.ts';
import type { Person } from './person.ts';

export type Door = 'sdk' | 'api';

/**
 * One sign-in, up to its tokens. A known device must get through without a challenge, a new one must not.
 * @throws Error when it goes any other way
 */
export type SignIn = (person: Person, known: boolean) => Promise<void>;

export const doors = (outputs: Outputs): Readonly<Record<Door, SignIn>> => ({
  api: apiDoor(outputs),
  sdk: sdkDoor(outputs),
});

function apiDoor({ endpoints }: Outputs): SignIn {
  const url = new URL(`${endpoints.identityApi}/v1/sessions`);
  const answers = new URL(`${endpoints.identityApi}/v1/sessions/challenge`);
  const json = { 'content-type': 'application/json' };
  return async ({ email, password, deviceToken, mailbox }, known) => {
    const device: Record<string, string> = known ? { 'x-vestibule-device': deviceToken } : {};
    const started = await post(url, JSON.stringify({ identifier: email, password }), { ...json, ...device });
    const expected = known ? '"signed-in"' : '"challenge"';
    if (started.status !== 200 || !started.text.includes(expected)) throw unexpected('API', started);
    if (known) return;
    const { flow } = JSON.parse(started.text) as { flow: string };
    const answer = await mailbox.nextCode(email);
    const proven = await post(answers, JSON.stringify({ flow, answer }), json);
    if (proven.status !== 200 || !proven.text.includes('"signed-in"')) throw unexpected('API', proven);
  };
}

const unexpected = (door: string, { status, text }: Posted): Error =>
  new Error(`${door} door: ${status} ${text}`);

interface Round {
  readonly Session?: string;
  readonly ChallengeParameters?: Readonly<Record<string, string>>;
  readonly AuthenticationResult?: Issued;
}

export interface Issued {
  readonly RefreshToken: string;
}

function sdkDoor(outputs: Outputs): SignIn {
  const signIn = sdkSignIn(outputs);
  return async (person, known) => void (await signIn(person, known));
}

/** SRP and CUSTOM_AUTH as a browser's SDK sends them, with a context that was minted before. */
export function sdkSignIn(outputs: Outputs): (person: Person, known: boolean) => Promise<Issued> {
  const url = new URL(outputs.endpoints.cognitoIdp);
  const poolName = outputs.userPoolId.slice(outputs.userPoolId.indexOf('_') + 1);
  const ClientId = outputs.clients.web.id;
  const call = async (operation: string, input: object): Promise<Round> => {
    const answered = await post(url, JSON.stringify({ ClientId, ...input }), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    });
    if (answered.status !== 200) throw unexpected('SDK', answered);
    return JSON.parse(answered.text) as Round;
  };
  return async ({ email, srp, contexts, mailbox }, known) => {
    const context = contexts.pop();
    if (!context) throw new Error('SDK door: no context is left');
    const ClientMetadata = { vestibule_context: context };
    const asked = await call('InitiateAuth', {
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: email, CHALLENGE_NAME: 'SRP_A', SRP_A: srp.publicHex },
    });
    const {
      USER_ID_FOR_SRP = '',
      SALT = '',
      SRP_B = '',
      SECRET_BLOCK = '',
    } = asked.ChallengeParameters ?? {};
    const challenge = { poolName, userId: USER_ID_FOR_SRP, saltHex: SALT, serverPublicHex: SRP_B };
    const proof = srp.prove({ ...challenge, secretBlock: SECRET_BLOCK }, new Date());
    let round = await call('RespondToAuthChallenge', {
      ChallengeName: 'PASSWORD_VERIFIER',
      Session: asked.Session,
      ChallengeResponses: {
        USERNAME: USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: proof.signature,
        TIMESTAMP: proof.timestamp,
      },
      ClientMetadata,
    });
    for (const answer of known ? [] : [() => JSON.stringify({ context }), () => mailbox.nextCode(email)]) {
      const ChallengeResponses = { USERNAME: USER_ID_FOR_SRP, ANSWER: await answer() };
      const Session = round.Session;
      const input = { ChallengeName: 'CUSTOM_CHALLENGE', Session, ChallengeResponses, ClientMetadata };
      round = await call('RespondToAuthChallenge', input);
    }
    if (!round.AuthenticationResult)
      throw new Error(`SDK door: no tokens for a ${known ? 'known' : 'new'} device`);
    return round.AuthenticationResult;
  };
}

/** Not part of what is timed: an app asks for a context while the person types. */
export async function mintContext({ endpoints }: Outputs, person: Person, known: boolean): Promise<void> {
  const minted = await post(
    new URL(`${endpoints.identityApi}/v1/contexts`),
    JSON.stringify({ identifier: person.email }),
    { 'content-type': 'application/json', ...(known && { 'x-vestibule-device': person.deviceToken }) },
  );
  if (minted.status !== 201) throw unexpected('SDK', minted);
  person.contexts.push((JSON.parse(minted.text) as { context: string }).context);
}
