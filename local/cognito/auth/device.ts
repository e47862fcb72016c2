import { rememberedDevice } from '../devices.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter, invalidSession, resourceNotFound, wrongCredentials } from '../errors.ts';
import type { Device, User } from '../model.ts';
import type { AuthState } from '../sessions.ts';
import { claimMatches, newServerEphemeral, sessionKey } from '../srp.ts';
import {
  completeSignIn,
  passwordVerifierSeconds,
  type SignInAnswer,
  type SignInCall,
  stateFor,
} from './sign-in.ts';
import { isFresh, readClientPublic } from './srp-exchange.ts';
import type { SignInSubject } from './subject.ts';

/** The last round on a remembered device: it proves its own secret, by SRP as a user proves a password. */
export function askForDevice(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  flow: AuthState['flow'],
): SignInAnswer {
  return {
    ChallengeName: 'DEVICE_SRP_AUTH',
    ChallengeParameters: { USERNAME: who.publicName, DEVICE_KEY: call.deviceKey ?? '' },
    Session: engine.sessions.seal(stateFor(engine, call, who, flow, 'DEVICE_SRP_AUTH')),
  };
}

export function answerDeviceSrp(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): SignInAnswer {
  const { device } = deviceOf(call, who);
  const clientPublic = readClientPublic(call);
  const server = newServerEphemeral(device.verifier.verifier);
  const sealed = engine.sessions.seal({
    ...stateFor(engine, call, who, state.flow, 'DEVICE_PASSWORD_VERIFIER'),
    expiresAt: engine.cloud.clock.now() + passwordVerifierSeconds * 1000,
    srp: { server, clientPublic },
  });
  return {
    ChallengeName: 'DEVICE_PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: device.verifier.salt,
      SECRET_BLOCK: sealed,
      SRP_B: server.publicValue,
      USERNAME: who.publicName,
      DEVICE_KEY: call.deviceKey ?? '',
    },
    Session: sealed,
  };
}

/** @throws AwsError `NotAuthorizedException` unless the client knew the device's secret */
export async function answerDeviceVerifier(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<SignInAnswer> {
  const { user, device } = deviceOf(call, who);
  const { PASSWORD_CLAIM_SIGNATURE: signature, TIMESTAMP: timestamp } = call.parameters;
  if (!signature) throw invalidParameter('Missing required parameter PASSWORD_CLAIM_SIGNATURE');
  if (!timestamp) throw invalidParameter('Missing required parameter TIMESTAMP');
  if (!state.srp) throw invalidSession();
  const key = sessionKey(device.verifier.verifier, state.srp.server, state.srp.clientPublic);
  const claim = {
    poolName: device.groupKey,
    username: call.deviceKey ?? '',
    secretBlock: call.parameters.PASSWORD_CLAIM_SECRET_BLOCK ?? '',
    timestamp,
  };
  if (!isFresh(engine, timestamp) || !claimMatches(key, claim, signature)) throw wrongCredentials();
  const used = await engine.directory.update(user, (current) => touched(engine, call, current));
  return completeSignIn(engine, call, used, 'AuthenticateDevice', call.deviceKey);
}

/** The device as it is now: one that was forgotten meanwhile proves nothing. */
function deviceOf(call: SignInCall, { subject }: SignInSubject): { user: User; device: Device } {
  if (!subject.known) throw invalidSession();
  const given = call.parameters.DEVICE_KEY;
  if (given !== undefined && given !== call.deviceKey) throw invalidSession();
  const device = rememberedDevice(call.pool, subject.user, call.deviceKey);
  if (!device) throw resourceNotFound('Device does not exist.');
  return { user: subject.user, device };
}

function touched(engine: Engine, call: SignInCall, { devices = {} }: User): Partial<User> {
  const key = call.deviceKey ?? '';
  const device = devices[key];
  if (!device) throw resourceNotFound('Device does not exist.');
  const used = { ...device, lastIp: call.sourceIp, lastUsedAt: engine.cloud.clock.now() };
  return { devices: { ...devices, [key]: used } };
}
