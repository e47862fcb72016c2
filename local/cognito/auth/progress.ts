import { rememberedDevice } from '../devices.ts';
import type { Engine } from '../engine.ts';
import { resourceNotFound } from '../errors.ts';
import type { User } from '../model.ts';
import type { AuthState } from '../sessions.ts';
import { askForDevice } from './device.ts';
import { askForSecondFactor, secondFactors } from './mfa.ts';
import { completeSignIn, type SignInAnswer, type SignInCall } from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

type Source = AuthState['source'];

/** What comes after a proven password outside a custom flow: second factor, remembered device, tokens. */
export async function afterFirstFactor(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  user: User,
  flow: AuthState['flow'],
  source?: Source,
): Promise<SignInAnswer> {
  const factors = secondFactors(call.pool, user);
  if (factors.kind === 'none' || deviceReplacesMfa(call, user)) {
    return afterSecondFactor(engine, call, who, user, flow, source);
  }
  return askForSecondFactor(engine, call, who, factors, { flow, ...(source ? { source } : {}) });
}

/** Once nothing but the device is left to prove. */
export async function afterSecondFactor(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  user: User,
  flow: AuthState['flow'],
  source?: Source,
): Promise<SignInAnswer> {
  refuseUnknownDevice(call, user);
  if (rememberedDevice(call.pool, user, call.deviceKey)) return askForDevice(engine, call, who, flow);
  return completeSignIn(engine, call, user, source);
}

/** A key that names no device of the user is an error, not a new device: the client has to forget it. */
function refuseUnknownDevice({ pool, deviceKey }: SignInCall, user: User): void {
  if (!deviceKey || !pool.settings.DeviceConfiguration) return;
  if (!user.devices?.[deviceKey]) throw resourceNotFound('Device does not exist.');
}

const deviceReplacesMfa = ({ pool, deviceKey }: SignInCall, user: User): boolean =>
  pool.settings.DeviceConfiguration?.ChallengeRequiredOnNewDevice === true &&
  rememberedDevice(pool, user, deviceKey) !== undefined;
