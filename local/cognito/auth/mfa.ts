import type { Engine } from '../engine.ts';
import { userNotFound } from '../errors.ts';
import type { MfaMethod, Pool, User } from '../model.ts';
import { mfaMethodsOf } from '../pool-factors.ts';
import type { NewAuthState } from '../sessions.ts';
import { askForCode } from './code.ts';
import { type SignInAnswer, type SignInCall, stateFor } from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

export type SecondFactors =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask'; readonly methods: readonly MfaMethod[]; readonly preferred?: MfaMethod }
  | { readonly kind: 'setup'; readonly methods: readonly MfaMethod[] };

const none: SecondFactors = { kind: 'none' };

/** Whether the user has what a method needs; the preference is another matter. */
export function isSetUp(user: User, method: MfaMethod): boolean {
  if (method === 'SOFTWARE_TOKEN_MFA') return user.softwareToken?.secret !== undefined;
  return Boolean(user.attributes[method === 'SMS_MFA' ? 'phone_number' : 'email']);
}

/** The methods a user chose and the pool still allows. */
export const chosenMethods = (pool: Pool, user: User): readonly MfaMethod[] =>
  mfaMethodsOf(pool).filter((method) => user.mfa?.enabled.includes(method) && isSetUp(user, method));

/** What the pool wants after a password. Where MFA is required, an address that is there serves without being chosen. */
export function secondFactors(pool: Pool, user: User): SecondFactors {
  const mode = pool.settings.MfaConfiguration ?? 'OFF';
  if (mode === 'OFF') return none;
  const chosen = chosenMethods(pool, user);
  const preferred = user.mfa?.preferred;
  if (chosen.length > 0) {
    return preferred && chosen.includes(preferred)
      ? { kind: 'ask', methods: chosen, preferred }
      : { kind: 'ask', methods: chosen };
  }
  if (mode === 'OPTIONAL') return none;
  const ready = mfaMethodsOf(pool).filter((method) => isSetUp(user, method));
  return ready.length > 0 ? { kind: 'ask', methods: ready } : { kind: 'setup', methods: mfaMethodsOf(pool) };
}

type Base = Pick<NewAuthState, 'flow'> & Partial<NewAuthState>;

/** The challenge for a second factor: the preferred one, the only one, or the choice. */
export function askForSecondFactor(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  factors: Exclude<SecondFactors, { kind: 'none' }>,
  base: Base,
): Promise<SignInAnswer> | SignInAnswer {
  if (factors.kind === 'setup') {
    return choice(engine, call, who, { ...base, offers: factors.methods }, 'MFA_SETUP', 'MFAS_CAN_SETUP');
  }
  const method = factors.preferred ?? (factors.methods.length === 1 ? factors.methods[0] : undefined);
  if (method) return askForMethod(engine, call, who, method, base);
  return choice(
    engine,
    call,
    who,
    { ...base, offers: factors.methods },
    'SELECT_MFA_TYPE',
    'MFAS_CAN_CHOOSE',
  );
}

export function askForMethod(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  method: MfaMethod,
  base: Base,
): Promise<SignInAnswer> | SignInAnswer {
  if (method !== 'SOFTWARE_TOKEN_MFA') {
    return askForCode(engine, call, who, method, { ...base, isSecondFactor: true });
  }
  if (!who.subject.known) throw userNotFound();
  const name = who.subject.user.softwareToken?.name;
  return {
    ChallengeName: method,
    ChallengeParameters: {
      USER_ID_FOR_SRP: who.publicName,
      ...(name ? { FRIENDLY_DEVICE_NAME: name } : {}),
    },
    Session: engine.sessions.seal({ ...stateFor(engine, call, who, base.flow, method), ...base }),
  };
}

function choice(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  base: Base,
  name: 'MFA_SETUP' | 'SELECT_MFA_TYPE',
  parameter: string,
): SignInAnswer {
  return {
    ChallengeName: name,
    ChallengeParameters: { USER_ID_FOR_SRP: who.publicName, [parameter]: JSON.stringify(base.offers) },
    Session: engine.sessions.seal({ ...stateFor(engine, call, who, base.flow, name), ...base }),
  };
}
