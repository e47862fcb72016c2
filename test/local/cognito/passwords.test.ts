import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aClient,
  anEmail,
  aPool,
  aUser,
  errorOf,
  mailedCode,
  password,
  signIn,
  type TestPool,
} from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;
const renewed = 'Renewed-horse-8';

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
});
afterAll(() => cognito.close());

const forgot = (Username: string, ClientId = pool.clientId) =>
  cognito.anonymous.send(new ForgotPasswordCommand({ ClientId, Username }));
const confirm = (Username: string, ConfirmationCode: string, Password = renewed) =>
  cognito.anonymous.send(
    new ConfirmForgotPasswordCommand({ ClientId: pool.clientId, Username, ConfirmationCode, Password }),
  );

describe('a forgotten password', () => {
  it('is replaced with the mailed code, once, within an hour', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    expect((await forgot(email)).CodeDeliveryDetails?.Destination).toBe('p***@e***');
    expect(cognito.mails.at(-1)).toMatchObject({ to: email, kind: 'password-reset' });
    const code = mailedCode(cognito, email);
    await confirm(email, code);
    expect((await signIn(cognito, pool, email, renewed)).accessToken).not.toBe('');
    expect((await errorOf(signIn(cognito, pool, email))).message).toBe('Incorrect username or password.');
    expect((await errorOf(confirm(email, code))).name).toBe('ExpiredCodeException');
    await forgot(email);
    const late = mailedCode(cognito, email);
    cognito.clock.advance(3_600_000);
    expect((await errorOf(confirm(email, late))).name).toBe('ExpiredCodeException');
  });

  it('is answered alike for unknown people and those who cannot be mailed', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const known = await forgot(email);
    expect((await forgot(anEmail())).CodeDeliveryDetails).toEqual(known.CodeDeliveryDetails);
    const mismatch = (await errorOf(confirm(email, '000000'))).name;
    expect((await errorOf(confirm(anEmail(), '000000'))).name).toBe(mismatch);
    const legacy = await aClient(cognito, pool.poolId, { PreventUserExistenceErrors: 'LEGACY' });
    expect((await errorOf(forgot(anEmail(), legacy.clientId))).name).toBe('UserNotFoundException');
  });

  it('lets at most 20 of 60 parallel guesses be evaluated', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    await forgot(email);
    const code = mailedCode(cognito, email);
    const guesses = Array.from({ length: 60 }, (_, index) =>
      String((Number(code) + index + 1) % 1_000_000).padStart(6, '0'),
    );
    const results = await Promise.all(guesses.map((guess) => errorOf(confirm(email, guess))));
    expect(results.filter(({ name }) => name === 'CodeMismatchException')).toHaveLength(20);
    expect(results.filter(({ name }) => name === 'LimitExceededException')).toHaveLength(40);
  });

  it('unlocks a name that was locked by failures', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    for (let attempt = 0; attempt < 5; attempt++)
      await errorOf(signIn(cognito, pool, email, 'Wrong-horse-7'));
    await forgot(email);
    await confirm(email, mailedCode(cognito, email));
    expect((await signIn(cognito, pool, email, renewed)).accessToken).not.toBe('');
  });
});

describe('ChangePassword', () => {
  it('needs the previous one and obeys policy, history and rate', async () => {
    const own = await aPool(cognito);
    await cognito.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: own.poolId,
        Policies: { PasswordPolicy: { MinimumLength: 10, PasswordHistorySize: 2 } },
      }),
    );
    const email = anEmail();
    await aUser(cognito, own, email);
    const { accessToken } = await signIn(cognito, own, email);
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      cognito.anonymous.send(
        new ChangePasswordCommand({ AccessToken: accessToken, PreviousPassword, ProposedPassword }),
      );
    expect((await errorOf(change('Wrong-horse-7', renewed))).message).toBe('Incorrect username or password.');
    expect((await errorOf(change(password, 'Short-1'))).name).toBe('InvalidPasswordException');
    expect((await errorOf(change(password, password))).name).toBe('PasswordHistoryPolicyViolationException');
    await change(password, renewed);
    expect((await errorOf(change(renewed, password))).name).toBe('PasswordHistoryPolicyViolationException');
    expect((await errorOf(change(renewed, 'Third-horse-9'))).name).toBe('LimitExceededException');
  });
});

describe('administrators', () => {
  it('set a permanent or a temporary password, or ask for a new one', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const target = { UserPoolId: pool.poolId, Username: email };
    const status = async () => (await cognito.client.send(new AdminGetUserCommand(target))).UserStatus;
    await cognito.client.send(new AdminSetUserPasswordCommand({ ...target, Password: renewed }));
    expect(await status()).toBe('FORCE_CHANGE_PASSWORD');
    expect((await errorOf(forgot(email))).name).toBe('none');
    await cognito.client.send(
      new AdminSetUserPasswordCommand({ ...target, Password: renewed, Permanent: true }),
    );
    expect(await status()).toBe('CONFIRMED');
    await cognito.client.send(new AdminResetUserPasswordCommand(target));
    expect(await status()).toBe('RESET_REQUIRED');
    await confirm(email, mailedCode(cognito, email), password);
    expect(await status()).toBe('CONFIRMED');
  });
});
