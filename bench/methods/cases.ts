import type { IdentityApi } from '../../scripts/journey/api.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { Page } from './page.ts';
import { type Answered, MethodPerson, post, type RequestOptions } from './person.ts';

export interface MethodCase {
  readonly name: string;
  /** Whether one person can do it again and again; else each run has a person of its own. */
  readonly isRepeatable: boolean;
  /** Slow hashes in it, which no meter counts. */
  readonly scrypts?: number;
  /** Everything up to the first request that counts. @returns what is counted; it throws when it ends differently */
  prepare(outputs: Outputs): Promise<() => Promise<void>>;
}

/** Everything over the Identity API; sign-ins from a device that nobody knows, up to their tokens. */
export const methodCases: readonly MethodCase[] = [
  once('password, e-mail code', async (person) => async () => {
    const { api, flow } = await challenged(person, 'email-code');
    await prove(api, { flow, answer: await person.mailbox.nextCode(person.email) });
  }),
  once('magic link, no password', async (person) => async () => {
    const api = person.elsewhere();
    const { flow, deviceToken } = await post(api, '/v1/sessions', {
      identifier: person.email,
      method: 'magic-link',
    });
    if (deviceToken) api.deviceToken = deviceToken;
    await prove(api, { flow, link: await mailedLink(person) });
  }),
  once('password, TOTP', async (person) => {
    const shown = await person.enrolTotp();
    return async () => {
      const { api, flow } = await challenged(person, 'totp');
      await prove(api, { flow, answer: shown() });
    };
  }),
  once('password, passkey', async (person) => {
    const authenticator = await person.enrolPasskey();
    return async () => {
      const { api, flow, challenge } = await challenged(person, 'passkey');
      await prove(api, { flow, credential: authenticator.get(challenge.options) });
    };
  }),
  once('passkey alone', async (person) => {
    const authenticator = await person.enrolPasskey();
    return async () => {
      const api = person.elsewhere();
      const { body } = await api.expect<{ options: RequestOptions; challenge: string }>(
        200,
        'POST',
        '/v1/sessions/passkey-options',
      );
      const passkey = { credential: authenticator.get(body.options), challenge: body.challenge };
      expectState(await post(api, '/v1/sessions', { passkey }), 'signed-in');
    };
  }),
  once('password, SMS code', async (person) => {
    const number = nextNumber();
    await person.enrolPhone(number);
    return async () => {
      const { api, flow } = await challenged(person, 'sms-code');
      await prove(api, { flow, answer: await person.mailbox.nextCode(number) });
    };
  }),
  {
    ...once('password, recovery code in place of TOTP', async (person) => {
      const [answer = ''] = await person.enrolRecoveryCodes();
      return async () => {
        const { api, flow } = await challenged(person, 'totp');
        const other = await post(api, '/v1/sessions/challenge', { flow, method: 'recovery-code' });
        await prove(api, { flow: other.flow, answer });
      };
    }),
    scrypts: 1,
  },
  again('step-up by passkey', async (person) => {
    const authenticator = await person.enrolPasskey();
    return async () => {
      const { flow, challenge } = await post(person.api, '/v1/me/step-up', { method: 'passkey' });
      const credential = authenticator.get(challenge.options);
      expectState(await post(person.api, '/v1/me/step-up/answer', { flow, credential }), 'done');
    };
  }),
  again('refresh, tokens', async (person) => async () => {
    const { refreshToken } = person;
    const renewed = await post(person.api, '/v1/sessions/refresh', { refreshToken });
    if (!renewed.refreshToken) throw new Error('refresh: no new refresh token');
    person.refreshToken = renewed.refreshToken;
  }),
  again('refresh, cookie', async (person) => {
    const page = await Page.signedIn(person);
    return async () => void (await page.send('POST', '/v1/sessions/refresh', {}));
  }),
  again(
    'API call, bearer',
    async ({ api }) =>
      async () =>
        void (await api.expect(200, 'GET', '/v1/me/profile')),
  ),
  again('API call, cookie', async (person) => {
    const page = await Page.signedIn(person);
    return async () => void (await page.send('GET', '/v1/me/profile'));
  }),
];

type Ready = (person: MethodPerson) => Promise<() => Promise<void>>;

function once(name: string, ready: Ready): MethodCase {
  return { name, isRepeatable: false, prepare: async (to) => ready(await MethodPerson.settle(to)) };
}

function again(name: string, ready: Ready): MethodCase {
  return { ...once(name, ready), isRepeatable: true };
}

async function challenged(person: MethodPerson, method: string): Promise<Answered & { api: IdentityApi }> {
  const api = person.elsewhere();
  const { email: identifier, password } = person;
  const asked = await post(api, '/v1/sessions', { identifier, password });
  if (asked.challenge?.method !== method)
    throw new Error(`expected a challenge by ${method}, got ${asked.state} ${asked.challenge?.method ?? ''}`);
  return { ...asked, api };
}

const prove = async (api: IdentityApi, answer: object): Promise<void> =>
  expectState(await post(api, '/v1/sessions/challenge', answer), 'signed-in');

function expectState({ state }: Answered, expected: Answered['state']): void {
  if (state !== expected) throw new Error(`expected ${expected}, got ${state}`);
}

async function mailedLink({ mailbox, email }: MethodPerson): Promise<string> {
  const { text = '' } = await mailbox.next(email, (mail) => /#[A-Za-z0-9_-]{44}/.test(mail.text ?? ''));
  return /#([A-Za-z0-9_-]{44})/.exec(text)?.[1] ?? '';
}

let lastNumber = 0;
/** A block of 10,000 numbers each, so that no budget of a block is shared. */
const nextNumber = (): string => {
  lastNumber += 1;
  return `+491512${String(lastNumber).padStart(3, '0')}0001`;
};
