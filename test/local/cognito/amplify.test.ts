import { Amplify } from 'aws-amplify';
import {
  autoSignIn,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchDevices,
  rememberDevice,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { anEmail, mailedCode, password, type TestPool, textedCode } from './builders.ts';
import { aPasswordlessPool, appOf, aReachableUser, configureMfa, prefer } from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  // Node.js 20 has none, and the library names a device by it.
  vi.stubGlobal('navigator', { userAgent: 'node', platform: 'node' });
  cognito = await startCognito();
  pool = await aPasswordlessPool(cognito, {
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
  });
  await configureMfa(cognito, pool, {
    MfaConfiguration: 'OPTIONAL',
    SmsMfaConfiguration: {},
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pool.poolId,
        userPoolClientId: pool.clientId,
        userPoolEndpoint: cognito.endpoint,
      },
    },
  });
});
afterEach(() => signOut());
afterAll(() => {
  vi.unstubAllGlobals();
  return cognito.close();
});

const nameInToken = async () => (await fetchAuthSession()).tokens?.idToken?.payload.email;

describe('aws-amplify', () => {
  it('signs in by a chosen code', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const begun = await signIn({ username: email, options: { authFlowType: 'USER_AUTH' } });
    expect(begun.nextStep).toMatchObject({ signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION' });
    const chosen = await confirmSignIn({ challengeResponse: 'EMAIL_OTP' });
    expect(chosen.nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    const done = await confirmSignIn({ challengeResponse: mailedCode(cognito, email) });
    expect(done.isSignedIn).toBe(true);
    expect(await nameInToken()).toBe(email);
  });

  it('signs in by a preferred password, in clear and by SRP', async () => {
    const { email } = await aReachableUser(cognito, pool);
    for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP'] as const) {
      const options = { authFlowType: 'USER_AUTH', preferredChallenge } as const;
      const { isSignedIn } = await signIn({ username: email, password, options });
      expect(isSignedIn).toBe(true);
      await signOut();
    }
  });

  it('goes on from the sign-up without another code', async () => {
    const email = anEmail();
    await signUp({
      username: email,
      options: { userAttributes: { email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
    });
    const confirmed = await confirmSignUp({ username: email, confirmationCode: mailedCode(cognito, email) });
    expect(confirmed.nextStep.signUpStep).toBe('COMPLETE_AUTO_SIGN_IN');
    expect((await autoSignIn()).isSignedIn).toBe(true);
    expect(await nameInToken()).toBe(email);
  });

  it('sets up an authenticator app and is asked for it', async () => {
    const { email } = await aReachableUser(cognito, pool);
    await signIn({ username: email, password });
    const { sharedSecret } = await setUpTOTP();
    const app = appOf(sharedSecret);
    await verifyTOTPSetup({ code: app.code(-1) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    await signOut();
    const begun = await signIn({ username: email, password });
    expect(begun.nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    expect((await confirmSignIn({ challengeResponse: app.code() })).isSignedIn).toBe(true);
  });

  it('skips the second factor on a device it was told to remember', async () => {
    const { email, phone } = await aReachableUser(cognito, pool);
    await prefer(cognito, pool, email, { SMSMfaSettings: { Enabled: true, PreferredMfa: true } });
    const begun = await signIn({ username: email, password });
    expect(begun.nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_SMS_CODE');
    await confirmSignIn({ challengeResponse: textedCode(cognito, phone) });
    await rememberDevice();
    expect(await fetchDevices()).toHaveLength(1);
    await signOut();
    expect((await signIn({ username: email, password })).isSignedIn).toBe(true);
    expect((await fetchAuthSession({ forceRefresh: true })).tokens?.accessToken).toBeDefined();
  });
});
