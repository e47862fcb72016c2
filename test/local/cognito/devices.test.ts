import {
  AdminListDevicesCommand,
  ConfirmDeviceCommand,
  ForgetDeviceCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPool, claimsOf, errorOf, password, type TestPool, textedCode } from './builders.ts';
import { allFlows, aReachableUser, configureMfa, initiate, prefer, respond, sms } from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

const aTrackingPool = async (DeviceOnlyRememberedOnUserPrompt: boolean, settings: object = {}) => {
  const made = await aPool(
    cognito,
    {
      SmsConfiguration: sms,
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt },
      ...settings,
    },
    { ExplicitAuthFlows: [...allFlows] },
  );
  await configureMfa(cognito, made, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: {} });
  return made;
};

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aTrackingPool(false);
});
afterAll(() => cognito.close());

/** amazon-cognito-identity-js on one device: it keeps its device key and secret in its storage. */
class Browser {
  readonly asked: string[] = [];
  private readonly kept = new Map<string, string>();

  user({ poolId, clientId }: TestPool, email: string): CognitoUser {
    const Storage = {
      setItem: (key: string, value: string) => void this.kept.set(key, value),
      getItem: (key: string) => this.kept.get(key) ?? null,
      removeItem: (key: string) => void this.kept.delete(key),
      clear: () => this.kept.clear(),
    };
    const userPool = new CognitoUserPool({
      UserPoolId: poolId,
      ClientId: clientId,
      endpoint: cognito.endpoint,
      Storage: Storage as never,
    });
    return new CognitoUser({ Username: email, Pool: userPool, Storage: Storage as never });
  }

  signIn(from: TestPool, email: string, phone: string): Promise<CognitoUserSession> {
    const user = this.user(from, email);
    return new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: resolve,
        onFailure: reject,
        mfaRequired: (name: string) => {
          this.asked.push(name);
          user.sendMFACode(textedCode(cognito, phone), callbacks);
        },
      };
      user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), callbacks);
    });
  }
}

async function aUserWithSms(from = pool) {
  const user = await aReachableUser(cognito, from);
  await prefer(cognito, from, user.email, { SMSMfaSettings: { Enabled: true } });
  return user;
}

describe('a remembered device', () => {
  it('skips MFA by proving its own secret, and others do not', async () => {
    const { email, phone } = await aUserWithSms();
    const browser = new Browser();
    const first = await browser.signIn(pool, email, phone);
    expect(browser.asked).toEqual(['SMS_MFA']);
    const { Devices = [] } = await cognito.client.send(
      new AdminListDevicesCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    const [device] = Devices;
    expect(Devices).toHaveLength(1);
    expect(device?.DeviceAttributes).toContainEqual({
      Name: 'dev:device_remembered_status',
      Value: 'remembered',
    });
    expect(first.getAccessToken().decodePayload().device_key).toBe(device?.DeviceKey);
    const second = await browser.signIn(pool, email, phone);
    expect(browser.asked).toEqual(['SMS_MFA']);
    expect(second.getAccessToken().decodePayload().device_key).toBe(device?.DeviceKey);
    const stranger = new Browser();
    await stranger.signIn(pool, email, phone);
    expect(stranger.asked).toEqual(['SMS_MFA']);
  });

  it('cannot be claimed by its key alone', async () => {
    const { email, phone } = await aUserWithSms();
    const session = await new Browser().signIn(pool, email, phone);
    const { device_key: deviceKey } = session.getAccessToken().decodePayload();
    const challenge = await initiate(cognito, pool, 'USER_PASSWORD_AUTH', {
      USERNAME: email,
      PASSWORD: password,
      DEVICE_KEY: deviceKey,
    });
    expect(challenge.ChallengeName).toBe('DEVICE_SRP_AUTH');
    const asked = await respond(cognito, pool, 'DEVICE_SRP_AUTH', challenge.Session, {
      USERNAME: email,
      DEVICE_KEY: deviceKey,
      SRP_A: 'abcdef',
    });
    expect(asked.ChallengeName).toBe('DEVICE_PASSWORD_VERIFIER');
    const forged = respond(cognito, pool, 'DEVICE_PASSWORD_VERIFIER', asked.Session, {
      USERNAME: email,
      DEVICE_KEY: deviceKey,
      PASSWORD_CLAIM_SECRET_BLOCK: asked.ChallengeParameters?.SECRET_BLOCK ?? '',
      PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString('base64'),
      TIMESTAMP: 'Tue Nov 3 08:05:02 UTC 2026',
    });
    expect(await errorOf(forged)).toEqual({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
  });

  it('that was forgotten is an error until the client forgets its key', async () => {
    const { email, phone } = await aUserWithSms();
    const session = await new Browser().signIn(pool, email, phone);
    const token = session.getAccessToken();
    const { device_key: DeviceKey } = token.decodePayload();
    const own = { AccessToken: token.getJwtToken(), DeviceKey };
    expect((await cognito.anonymous.send(new GetDeviceCommand(own))).Device?.DeviceKey).toBe(DeviceKey);
    await cognito.anonymous.send(new ForgetDeviceCommand(own));
    const { AccessToken } = own;
    expect((await cognito.anonymous.send(new ListDevicesCommand({ AccessToken }))).Devices).toEqual([]);
    await prefer(cognito, pool, email, { SMSMfaSettings: { Enabled: false } });
    const again = initiate(cognito, pool, 'USER_PASSWORD_AUTH', {
      USERNAME: email,
      PASSWORD: password,
      DEVICE_KEY: DeviceKey,
    });
    expect(await errorOf(again)).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Device does not exist.',
    });
  });

  it('is remembered only on request where the pool asks', async () => {
    const asking = await aTrackingPool(true);
    const { email, phone } = await aUserWithSms(asking);
    const browser = new Browser();
    const token = (await browser.signIn(asking, email, phone)).getAccessToken();
    await browser.signIn(asking, email, phone);
    expect(browser.asked).toEqual(['SMS_MFA', 'SMS_MFA']);
    const { device_key: DeviceKey } = token.decodePayload();
    const status = new UpdateDeviceStatusCommand({
      AccessToken: token.getJwtToken(),
      DeviceKey,
      DeviceRememberedStatus: 'remembered',
    });
    await cognito.anonymous.send(status);
    const challenge = await initiate(cognito, asking, 'USER_PASSWORD_AUTH', {
      USERNAME: email,
      PASSWORD: password,
      DEVICE_KEY: DeviceKey,
    });
    expect(challenge.ChallengeName).toBe('DEVICE_SRP_AUTH');
  });
});

describe('device tracking', () => {
  it('needs the device for a refresh', async () => {
    const { email, phone } = await aUserWithSms();
    const browser = new Browser();
    const session = await browser.signIn(pool, email, phone);
    const { device_key: DeviceKey } = session.getAccessToken().decodePayload();
    const refresh = (deviceKey?: string) =>
      cognito.anonymous.send(
        new GetTokensFromRefreshTokenCommand({
          ClientId: pool.clientId,
          RefreshToken: session.getRefreshToken().getToken(),
          DeviceKey: deviceKey,
        }),
      );
    expect((await errorOf(refresh())).message).toBe('Invalid Refresh Token');
    const { AuthenticationResult } = await refresh(DeviceKey);
    expect(claimsOf(AuthenticationResult?.AccessToken ?? '').device_key).toBe(DeviceKey);
  });

  it('confirms the device that the token was issued to, once', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const { AuthenticationResult: tokens } = await initiate(cognito, pool, 'USER_PASSWORD_AUTH', {
      USERNAME: email,
      PASSWORD: password,
    });
    const { DeviceKey, DeviceGroupKey } = tokens?.NewDeviceMetadata ?? {};
    expect(DeviceGroupKey).toMatch(/^-/);
    const confirm = (key = DeviceKey, PasswordVerifier = Buffer.alloc(380, 7).toString('base64')) =>
      cognito.anonymous.send(
        new ConfirmDeviceCommand({
          AccessToken: tokens?.AccessToken,
          DeviceKey: key,
          DeviceSecretVerifierConfig: { PasswordVerifier, Salt: Buffer.alloc(16, 1).toString('base64') },
        }),
      );
    expect((await errorOf(confirm('eu-west-1_0-0-0'))).message).toBe('Invalid device key given.');
    expect((await errorOf(confirm(DeviceKey, 'AQ=='))).name).toBe('InvalidParameterException');
    expect((await confirm()).UserConfirmationNecessary).toBe(false);
    expect((await errorOf(confirm())).name).toBe('DeviceKeyExistsException');
  });

  it('tells PostAuthentication of a new device', async () => {
    const seen: unknown[] = [];
    const told = await aTrackingPool(false, {
      LambdaConfig: {
        PostAuthentication: cognito.trigger('told', (event) => {
          seen.push(event.request.newDeviceUsed);
          return event;
        }),
      },
    });
    const { email, phone } = await aUserWithSms(told);
    const browser = new Browser();
    await browser.signIn(told, email, phone);
    await browser.signIn(told, email, phone);
    expect(seen).toEqual([true, false]);
  });
});
