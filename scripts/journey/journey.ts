import { randomBytes } from 'node:crypto';
import { IdentityApi, type SignInAnswer } from './api.ts';
import { Mailbox } from './mailbox.ts';
import type { Outputs } from './outputs.ts';
import { type ConsentText, confirm, type RegistrationForm, readForm, register } from './registration.ts';
import { signInWithSdk } from './sdk-door.ts';

export interface Step {
  readonly title: string;
  /** Does the step and says in one line what happened; throws when it did not. */
  run(): Promise<string>;
}

export interface JourneyOptions {
  readonly email?: string;
  readonly password?: string;
  readonly headers?: Record<string, string>;
}

interface Prompts {
  readonly prompts: readonly {
    readonly field: string;
    readonly type: string;
    readonly options?: readonly string[];
  }[];
}

const sampleAnswers: Record<string, unknown> = {
  boolean: true,
  number: 2,
  date: '1990-05-17',
  text: 'Lisbon',
};

/** Claims of a JWT, read without verification: the journey shows what an app would see. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/**
 * The core journey over both doors: register, confirm, sign in from a new device with a challenge, answer a profile
 * question, give and withdraw a consent, sign in again without one, look at the activity, sign out.
 */
export function coreJourney(outputs: Outputs, options: JourneyOptions = {}): Step[] {
  const api = new IdentityApi(outputs.endpoints.identityApi, options.headers);
  const mailbox = new Mailbox(outputs.endpoints.mailbox);
  const email = options.email ?? `ada.${randomBytes(4).toString('hex')}@example.com`;
  const password = options.password ?? `correct horse ${randomBytes(4).toString('hex')}`;
  const state: { form?: RegistrationForm; registration?: string; refreshToken?: string; flow?: string } = {};

  /** The first purpose that the law leaves to the customer, with the text to show. */
  const purposeToAsk = async (): Promise<ConsentText> => {
    const { body } = await api.expect<{ consents: readonly (ConsentText & { basis: string })[] }>(
      200,
      'GET',
      '/v1/me/consents',
    );
    const found = body.consents.find((consent) => consent.basis === 'consent');
    if (!found) throw new Error('the configuration has no purpose that needs consent');
    return found;
  };
  const decide = async (decision: 'granted' | 'withdrawn') => {
    const { purpose, version, language, textHash } = await purposeToAsk();
    await api.expect(200, 'PUT', `/v1/me/consents/${purpose}`, { decision, version, language, textHash });
    return `${purpose} ${decision} (version ${version}, text ${textHash.slice(0, 8)}…)`;
  };
  const signedIn = (answer: SignInAnswer): string => {
    if (answer.state !== 'signed-in')
      throw new Error(`expected tokens, got a challenge by ${answer.challenge.method}`);
    state.refreshToken = answer.refreshToken;
    const claims = claimsOf(answer.accessToken);
    return `tokens: aal ${claims['vestibule:aal']}, methods ${JSON.stringify(claims['vestibule:methods'])}, tier ${claims['vestibule:tier']}`;
  };

  return [
    {
      title: 'Read the registration form',
      run: async () => {
        state.form = await readForm(api);
        return `${state.form.purposes.length} purposes with their texts and hashes`;
      },
    },
    {
      title: 'Register',
      run: async () => {
        state.registration = await register(api, { email, password }, state.form ?? { purposes: [] });
        return `${email}: accepted, confirmation mail on its way`;
      },
    },
    {
      title: 'Confirm the address with the mailed code',
      run: async () => {
        await confirm(api, mailbox, email, state.registration ?? '');
        return 'confirmed; profile, first consents and events written in one transaction';
      },
    },
    {
      title: 'Sign in from a new device',
      run: async () => {
        const { body } = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions', {
          identifier: email,
          password,
        });
        if (body.state !== 'challenge') throw new Error('a new device got tokens without a challenge');
        state.flow = body.flow;
        return `challenged: ${body.challenge.method} to ${body.challenge.destination}`;
      },
    },
    {
      title: 'Answer the challenge',
      run: async () => {
        const answer = await mailbox.nextCode(email);
        const { body } = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions/challenge', {
          flow: state.flow,
          answer,
        });
        return signedIn(api.keep(body));
      },
    },
    {
      title: 'Answer a profile question',
      run: async () => {
        const { body } = await api.expect<Prompts & Record<string, unknown>>(200, 'GET', '/v1/me/prompts');
        const [prompt] = body.prompts;
        if (!prompt) throw new Error('no question within the budget');
        const answer = prompt.options?.[0] ?? sampleAnswers[prompt.type];
        await api.expect(200, 'PUT', `/v1/me/prompts/${prompt.field}`, { answer });
        return `${body.prompts.length} asked; ${prompt.field} answered`;
      },
    },
    { title: 'Give a consent', run: () => decide('granted') },
    { title: 'Withdraw it', run: () => decide('withdrawn') },
    {
      title: 'Change the profile, guarded by its version',
      run: async () => {
        const { headers } = await api.expect(200, 'GET', '/v1/me/profile');
        const etag = headers.get('etag') ?? '';
        await api.expect(
          200,
          'PATCH',
          '/v1/me/profile',
          { fields: { displayName: 'Ada' } },
          { 'if-match': etag },
        );
        await api.expect(
          412,
          'PATCH',
          '/v1/me/profile',
          { fields: { displayName: 'Eve' } },
          { 'if-match': etag },
        );
        return `version ${etag}: first write accepted, second one with the old version refused`;
      },
    },
    {
      title: 'Sign in again from the known device',
      run: async () => {
        const { body } = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions', {
          identifier: email,
          password,
        });
        return signedIn(api.keep(body));
      },
    },
    {
      title: 'Sign in through the SDK door (amazon-cognito-identity-js)',
      run: async () => {
        const { body } = await api.expect<{ context: string }>(201, 'POST', '/v1/contexts', {
          identifier: email,
          use: 'sign-in',
        });
        const { session, steps } = await signInWithSdk(outputs, {
          username: email,
          password,
          context: body.context,
          code: () => mailbox.nextCode(email),
        });
        const claims = claimsOf(session.getAccessToken().getJwtToken());
        return `${steps.length === 0 ? 'no challenge' : `challenged: ${steps.join(', ')}`}; methods ${JSON.stringify(claims['vestibule:methods'])}`;
      },
    },
    {
      title: 'Refresh the session',
      run: async () => {
        const { body } = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions/refresh', {
          refreshToken: state.refreshToken,
        });
        return signedIn(api.keep({ ...body, state: 'signed-in' } as SignInAnswer));
      },
    },
    {
      title: 'Look at the recent activity',
      run: async () => {
        const { body } = await api.expect<{ events: readonly { type: string }[] }>(
          200,
          'GET',
          '/v1/me/activity',
        );
        return [...new Set(body.events.map((entry) => entry.type))].join(', ');
      },
    },
    {
      title: 'Sign out, and see the token refused',
      run: async () => {
        await api.expect(204, 'POST', '/v1/sessions/sign-out', {
          refreshToken: state.refreshToken,
          accessToken: api.accessToken,
        });
        const milliseconds = await untilRefused(api);
        return `access token refused after ${milliseconds} ms`;
      },
    },
  ];
}

const refusalWithinMs = 6_000;

/** An ended session is felt once the authorizer's cached answer (5 s) ran out. */
async function untilRefused(api: IdentityApi): Promise<number> {
  const start = Date.now();
  while (Date.now() - start < refusalWithinMs) {
    const { status } = await api.send('GET', '/v1/me/profile');
    if (status === 401 || status === 403) return Date.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the access token of an ended session still worked after ${refusalWithinMs} ms`);
}
