import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { becomeOperator, openOperator, subIn } from '../../support/operator.ts';

let cloud: RunningCloud;
let operator: Customer;
let owner: Customer;
let sub: string;
let folder: string;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    testSourceIp: true,
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
    },
  });
  folder = await mkdtemp(join(tmpdir(), 'vestibule-cli-'));
  operator = await (await new Customer(cloud.outputs).register()).signIn();
  await becomeOperator(cloud, operator);
});
afterAll(async () => {
  await cloud?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  owner = await (await new Customer(cloud.outputs).register()).signIn();
  sub = subIn(owner.api.accessToken);
});

const profileStatus = async ({ api }: Customer) => (await api.send('GET', '/v1/me/profile')).status;
const act = (what: string, body: object = { reason: 'incident' }, caller = operator) =>
  caller.api.send<{ code?: string; state?: string }>('POST', `/v1/admin/people/${sub}/${what}`, body);

/** The command line as an operator runs it. */
async function vestibule(...parts: string[]): Promise<{ code: number; output: string }> {
  const options = ['--endpoint', cloud.outputs.endpoints.identityApi, '--reason', 'incident'];
  const env = { ...process.env, VESTIBULE_OPERATOR_TOKEN: operator.api.accessToken ?? '' };
  return promisify(execFile)(process.execPath, ['cli/vestibule.mjs', ...parts, ...options], { env }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
  );
}

describe('a lock', () => {
  it('closes every door like a wrong password would, and opens again', async () => {
    const wrong = new Customer(cloud.outputs, owner.email);
    const refused = await wrong.startSignIn();
    expect((await act('lock', { reason: 'account-takeover' })).body.state).toBe('locked');
    await expect.poll(() => profileStatus(owner)).toBe(401);
    const { refreshToken } = owner;
    expect((await owner.api.send('POST', '/v1/sessions/refresh', { refreshToken })).status).toBe(401);
    const locked = await owner.startSignIn();
    const shown = ({ status, body: { code, ...rest } }: typeof locked) => {
      const { requestId: _, instance: __, ...others } = rest as Record<string, unknown>;
      return { status, code, others };
    };
    expect(shown(locked)).toEqual(shown(refused));

    expect((await act('unlock')).body.state).toBe('unlocked');
    // A sign-in within the second of the lock is one from before it.
    const again = async () => profileStatus(await owner.signIn());
    await expect.poll(again, { interval: 500 }).toBe(200);
  });
});

it('a forced reset lets the old password in no more, and mails a code for a new one', async () => {
  expect((await act('reset', { reason: 'breached-password' })).body.state).toBe('reset-required');
  expect((await owner.startSignIn()).body.code).toBe('PASSWORD_RESET_REQUIRED');
  const code = await owner.mailbox.nextCode(owner.email);
  const after = new Customer(cloud.outputs, owner.email);
  const body = { identifier: owner.email, code, password: after.password };
  await owner.api.expect(200, 'POST', '/v1/password-resets/confirm', body);
  await after.signIn();
});

// security.md, "Missing owner check"
it('operator routes are open to the group and a passkey together, and to nothing less', async () => {
  const [real, outsider] = [await openOperator(cloud), await openOperator(cloud, { isOperator: false })];
  const codeFor = async (caller: Customer) => (await act('lock', { reason: 'abuse' }, caller)).body.code;
  expect(await codeFor(owner)).toBe('SCOPE_MISSING');
  expect(await codeFor(real.person)).toBe('SCOPE_MISSING'); // signed in with a password and a mailed code
  await outsider.signInWithPasskey();
  expect(await codeFor(outsider.person)).toBe('SCOPE_MISSING');
  expect(await profileStatus(owner)).toBe(200);
  // What pages show or hide their links by.
  const isShown = async ({ api }: Customer) =>
    (await api.expect<{ operator: boolean }>(200, 'GET', '/v1/me/sessions')).body.operator;
  expect([await isShown(real.person), await isShown(outsider.person)]).toEqual([false, false]);

  await real.signInWithPasskey();
  expect(await act('lock', { reason: 'abuse' }, real.person)).toMatchObject({
    status: 200,
    body: { state: 'locked' },
  });
  expect(await isShown(real.person)).toBe(true);
});

describe('the command line', () => {
  it('shows a person, locks and unlocks', async () => {
    const shown = await vestibule('people', 'show', owner.email);
    expect(shown.output).toContain(sub);
    expect(shown.output).toContain('password only');
    expect(await vestibule('people', 'lock', owner.email, '--note', 'called')).toMatchObject({ code: 0 });
    expect((await vestibule('people', 'show', sub)).output).toContain('incident');
    expect(await vestibule('people', 'unlock', sub)).toMatchObject({ code: 0 });
  });

  it('ends the sessions of the people on a list, after a preview, and tells each once', async () => {
    const other = await (await new Customer(cloud.outputs).register()).signIn();
    const file = join(folder, 'breach.txt');
    await writeFile(file, `${owner.email}\n${subIn(other.api.accessToken)}\nnobody@example.com\n`);
    const previewed = await vestibule('sessions', 'end', '--list', file);
    expect(previewed.code).toBe(1);
    expect(previewed.output).toMatch(/previewed, 2 people/);
    expect(await profileStatus(owner)).toBe(200);

    const [, id = ''] = /--resume (\S+)/.exec(previewed.output) ?? [];
    const ended = await vestibule('sessions', 'end', '--resume', id, '--yes');
    expect(ended).toMatchObject({ code: 0, output: expect.stringContaining('finished') });
    for (const person of [owner, other]) {
      await expect.poll(() => profileStatus(person)).toBe(401);
      const told = async () =>
        (await person.mailbox.list(person.email)).filter(({ subject }) => subject.includes('signed out'))
          .length;
      await expect.poll(told, { timeout: 20_000 }).toBe(1);
    }
    expect((await vestibule('sessions', 'status', id)).output).toContain('finished');
    expect((await vestibule('sessions', 'end', '--resume', id, '--yes')).code).toBe(0);
  });

  it('ends the sessions that one network opened, and no other', async () => {
    const address = '198.51.100.7';
    const there = new Customer(cloud.outputs, undefined, { 'x-vestibule-test-source-ip': address });
    await (await there.register()).signIn();
    const from = new Date(cloud.clock.now() - 3_600_000).toISOString();
    const parts = ['sessions', 'end', '--from', from, '--address', address];
    // The registry is written behind the answer.
    const preview = async () => (await vestibule(...parts)).output;
    await expect.poll(preview, { timeout: 30_000, interval: 1_000 }).toContain('1 session of 1 person');
    const ended = await vestibule(...parts, '--yes');
    expect(ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('ended 1 session, 1 person told'),
    });
    await expect.poll(() => profileStatus(there)).toBe(401);
    expect(await profileStatus(owner)).toBe(200);
  });

  it('says what is wrong, with an exit code of its own', async () => {
    expect(await vestibule('sessions', 'end')).toMatchObject({ code: 2 });
    expect(await vestibule('people', 'show', 'nobody@example.com')).toMatchObject({
      code: 2,
      output: expect.stringContaining('ACCOUNT_UNKNOWN'),
    });
  });
});
