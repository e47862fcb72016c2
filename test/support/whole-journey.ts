import { vi } from 'vitest';
import type { RunningCloud } from '../../local/cloud.ts';
import { type ConsentText, confirm, readForm, register } from '../../scripts/journey/registration.ts';
import { signInWithSdk } from '../../scripts/journey/sdk-door.ts';
import { BrowserPage } from './browser-page.ts';
import { Customer } from './customer.ts';
import { type EnrolledPasskey, enrolPasskey, enrolPhone, enrolTotp } from './enrolments.ts';
import { becomeOperator, subIn } from './operator.ts';

/** Everything that people and operators do, once each, so that every grant that is needed for it is used. */
export async function wholeJourney(cloud: RunningCloud): Promise<void> {
  await registersWithASecondCode(cloud);
  await signsInByEveryMethod(cloud);
  await looksAfterTheAccount(cloud);
  await usesABrowser(cloud);
  await recoversTheAccount(cloud);
  await findsTheLostFactor(cloud);
  await isLookedAfterByOperators(cloud);
  await leavesForGood(cloud);
}

interface Challenge {
  readonly state: string;
  readonly flow: string;
  readonly challenge: { readonly options: Parameters<EnrolledPasskey['authenticator']['get']>[0] };
}

const post = async <Body>({ api }: Customer, path: string, body?: object): Promise<Body> => {
  const { status, body: answer } = await api.send<Body>('POST', path, body);
  if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(answer)}`);
  return answer;
};
const signedIn = async ({ outputs }: RunningCloud) => (await new Customer(outputs).register()).signIn();

const stepUp = async (person: Customer, method: string, code: () => string | Promise<string>) => {
  const { flow } = await post<Challenge>(person, '/v1/me/step-up', { method });
  await post(person, '/v1/me/step-up/answer', { flow, answer: await code() });
};

/** Past the challenge of a device that nobody knows, by the method that is named. */
async function onNewDevice(
  { outputs }: RunningCloud,
  person: Customer,
  method: string,
  answer: (asked: Challenge) => object | Promise<object>,
): Promise<void> {
  const elsewhere = new Customer(outputs, person.email);
  const { email: identifier, password } = person;
  const first = await post<Challenge>(elsewhere, '/v1/sessions', { identifier, password, method });
  const { state } = await post<Challenge>(elsewhere, '/v1/sessions/challenge', {
    flow: first.flow,
    ...(await answer(first)),
  });
  if (state !== 'signed-in') throw new Error(`${method}: expected tokens, got ${state}`);
}

async function registersWithASecondCode({ outputs }: RunningCloud): Promise<void> {
  const person = new Customer(outputs);
  const { api, mailbox, email, password } = person;
  const registration = await register(api, { email, password }, await readForm(api));
  await mailbox.nextCode(email);
  await api.expect(202, 'POST', '/v1/registrations/resend', { email, registration });
  await confirm(api, mailbox, email, registration);
}

async function signsInByEveryMethod(cloud: RunningCloud): Promise<void> {
  const person = await signedIn(cloud);
  const number = '+4915129990001';
  const app = await enrolTotp(person, cloud.clock.now);
  await stepUp(person, 'totp', () => app.code());
  const { codes } = await post<{ codes: string[] }>(person, '/v1/me/recovery-codes');
  await enrolPhone(person, number);
  const { authenticator } = await enrolPasskey(person);
  await person.api.expect(200, 'GET', '/v1/me/factors');
  cloud.clock.advance(30_000);
  await onNewDevice(cloud, person, 'totp', () => ({ answer: app.code() }));
  await onNewDevice(cloud, person, 'sms-code', async () => ({
    answer: await person.mailbox.nextCode(number),
  }));
  await onNewDevice(cloud, person, 'recovery-code', () => ({ answer: codes[0] }));
  await onNewDevice(cloud, person, 'passkey', ({ challenge }) => ({
    credential: authenticator.get(challenge.options),
  }));
  const asked = await post<{ options: Challenge['challenge']['options']; challenge: string }>(
    person,
    '/v1/sessions/passkey-options',
  );
  const passkey = { credential: authenticator.get(asked.options), challenge: asked.challenge };
  await post(new Customer(cloud.outputs), '/v1/sessions', { passkey });

  const sdk = await signedIn(cloud);
  const options = {
    username: sdk.email,
    password: sdk.password,
    code: () => sdk.mailbox.nextCode(sdk.email),
  };
  await signInWithSdk(cloud.outputs, options);
  for (const word of ['wrong', 'again']) {
    const { email: identifier } = sdk;
    await new Customer(cloud.outputs).api.expect(401, 'POST', '/v1/sessions', { identifier, password: word });
  }
}

async function looksAfterTheAccount(cloud: RunningCloud): Promise<void> {
  const person = await signedIn(cloud);
  const { api, mailbox } = person;
  const get = async <Body>(path: string) => (await api.expect<Body>(200, 'GET', path)).body;
  for (const path of ['profile', 'prompts', 'consents', 'consents/history', 'activity', 'links', 'factors'])
    await get(`/v1/me/${path}`);
  const { headers } = await api.expect(200, 'GET', '/v1/me/profile');
  const fields = { displayName: 'Ada' };
  await api.expect(200, 'PATCH', '/v1/me/profile', { fields }, { 'if-match': headers.get('etag') ?? '' });
  const { consents } = await get<{ consents: (ConsentText & { basis: string })[] }>('/v1/me/consents');
  const shown = consents.find(({ basis }) => basis === 'consent');
  const { purpose, version, language, textHash } = shown ?? {};
  const granted = { decision: 'granted', version, language, textHash };
  await api.expect(200, 'PUT', `/v1/me/consents/${purpose}`, granted);
  await api.send('POST', '/v1/me/links', { code: '0000-0000' });
  cloud.clock.advance(60_000); // sessions of one moment are not told apart
  await person.startSignIn();
  const { sessions } = await vi.waitFor(async () => {
    const list = await get<{ sessions: { id: string; current: boolean }[] }>('/v1/me/sessions');
    if (list.sessions.length < 2) throw new Error('the list does not have the second session yet');
    return list;
  }, 15_000);
  for (const { id, current } of sessions) {
    await api.send('PATCH', `/v1/me/sessions/${id}`, { name: 'Desk' });
    if (!current) await api.expect(204, 'DELETE', `/v1/me/sessions/${id}`);
  }
  const { devices } = await get<{ devices: { id: string }[] }>('/v1/me/devices');
  for (const { id } of devices) {
    await api.send('PATCH', `/v1/me/devices/${id}`, { name: 'Desk' });
    await api.send('DELETE', `/v1/me/devices/${id}`);
  }
  const next = new Customer(cloud.outputs);
  await api.expect(202, 'POST', '/v1/me/email', { email: next.email });
  await api.expect(200, 'POST', '/v1/me/email/confirm', { code: await mailbox.nextCode(next.email) });
  const app = await enrolTotp(person, cloud.clock.now);
  await stepUp(person, 'totp', () => app.code());
  await api.expect(204, 'DELETE', '/v1/me/totp');
  await api.expect(204, 'DELETE', '/v1/me/sessions');
  await post(person, '/v1/me/password', { password: `${person.password} and more` });
  await post(person, '/v1/password-resets', { identifier: next.email });
  const code = await mailbox.nextCode(next.email);
  const password = `${person.password} and other`;
  await post(person, '/v1/password-resets/confirm', { identifier: next.email, code, password });
}

async function usesABrowser(cloud: RunningCloud): Promise<void> {
  const customer = await new Customer(cloud.outputs).register();
  const page = await BrowserPage.ofPortal(cloud.outputs).signIn(customer);
  await page.expect(200, 'GET', '/v1/me/profile');
  cloud.clock.advance(3_600_000);
  await page.expect(200, 'GET', '/v1/me/profile'); // its use is noted, but not each time
  await page.expect(200, 'POST', '/v1/sessions/refresh', {});
  await page.expect(200, 'POST', '/v1/me/step-up', { password: customer.password });
  const signedOut = await page.send('POST', '/v1/sessions/sign-out', {});
  if (signedOut.status >= 300) throw new Error(`sign-out answered ${signedOut.status}`);
}

async function recoversTheAccount(cloud: RunningCloud): Promise<void> {
  const person = await signedIn(cloud);
  const { email: identifier, password, mailbox } = person;
  const refreshToken = { refreshToken: person.refreshToken };
  await enrolTotp(person, cloud.clock.now);
  const proof = async () => {
    await post(person, '/v1/recoveries', { identifier, locale: 'en' });
    return { identifier, code: await mailbox.nextCode(identifier), password };
  };
  const cancelToken = async () => {
    const mail = await mailbox.next(identifier, ({ text }) => /\/recovery\/cancel#/.test(text ?? ''));
    return /\/recovery\/cancel#(\S+)/.exec(mail.text ?? '')?.[1];
  };
  await post(person, '/v1/recoveries/confirm', await proof());
  await post(person, '/v1/recoveries/cancel', { token: await cancelToken() });
  await post(person, '/v1/recoveries/confirm', await proof());
  cloud.clock.advance(72 * 3_600_000);
  await post(person, '/v1/recoveries/complete', await proof());
  await person.api.expect(401, 'POST', '/v1/sessions/refresh', refreshToken);
}

/** Notices by text, and a recovery that ends because a further factor was proven meanwhile. */
async function findsTheLostFactor(cloud: RunningCloud): Promise<void> {
  const person = await signedIn(cloud);
  const { email: identifier, password, mailbox } = person;
  const app = await enrolTotp(person, cloud.clock.now);
  await stepUp(person, 'totp', () => app.code());
  await enrolPhone(person, '+4915129980001');
  await post(person, '/v1/recoveries', { identifier, locale: 'en' });
  const proof = { identifier, code: await mailbox.nextCode(identifier), password };
  await post(person, '/v1/recoveries/confirm', proof);
  cloud.clock.advance(30_000);
  // On the known device, whose token is replaced after a challenge.
  const { flow } = await post<Challenge>(person, '/v1/sessions', { identifier, password, level: 2 });
  await post(person, '/v1/sessions/challenge', { flow, answer: app.code() });
}

async function isLookedAfterByOperators(cloud: RunningCloud): Promise<void> {
  const [operator, owner] = [await signedIn(cloud), await signedIn(cloud)];
  await becomeOperator(cloud, operator);
  await enrolTotp(owner, cloud.clock.now); // without a further factor there would be nothing to recover
  const reason = 'incident';
  const stranger = { identifier: `nobody.${owner.email}`, reason };
  await operator.api.send('POST', '/v1/admin/people/look-up', stranger);
  const sub = subIn(owner.api.accessToken);
  type Seen = { activity: { type: string; flow?: string }[] };
  const flow = await vi.waitFor(async () => {
    const body = { identifier: owner.email, reason };
    const { activity } = await post<Seen>(operator, '/v1/admin/people/look-up', body);
    const found = activity.find(({ type }) => type === 'sign-in.challenged')?.flow;
    if (!found) throw new Error('the activity does not have the sign-in yet');
    return found;
  }, 15_000);
  const today = new Date(cloud.clock.now()).toISOString().slice(0, 10);
  for (const path of [
    `people/${sub}/consents?reason=${reason}`,
    `people/${sub}/decisions/${flow}?reason=${reason}`,
    `statistics?from=${today}&to=${today}`,
  ])
    await operator.api.expect(200, 'GET', `/v1/admin/${path}`);
  for (const act of ['lock', 'unlock', 'sessions/end', 'recovery', 'reset'])
    await post(operator, `/v1/admin/people/${sub}/${act}`, { reason });
  const now = cloud.clock.now();
  const times = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() };
  const selections = [
    { query: { ...times, address: '127.0.0.1' } },
    { list: { subs: [sub], identifiers: [owner.email] } },
  ];
  for (const selection of selections) {
    const path = '/v1/admin/session-endings';
    const { id } = await post<{ id: string }>(operator, path, { reason, ...selection });
    await operator.api.expect(200, 'GET', `${path}/${id}?reason=${reason}`);
    await post(operator, `${path}/${id}/confirm`, { reason });
    await post(operator, `${path}/${id}/run`, { reason });
  }
}

/** With something of every kind that is erased, one of it waiting; to the end, which comes behind the answer. */
async function leavesForGood(cloud: RunningCloud): Promise<void> {
  const person = await signedIn(cloud);
  const { api, email } = person;
  await api.expect(200, 'GET', '/v1/me/data');
  await post(person, '/v1/me/email', { email: `new.${email}` });
  await post(person, '/v1/me/erasure', { confirm: true });
  // The address is free when the account is gone: then a code comes, and no "you have an account".
  await vi.waitFor(
    async () => {
      const again = new Customer(cloud.outputs, email);
      await again.register();
    },
    { timeout: 30_000, interval: 1_000 },
  );
}
