import * as v from 'valibot';
import { chosenMethods, isSetUp } from '../auth/mfa.ts';
import { usableFactors } from '../auth/offers.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter } from '../errors.ts';
import type { MfaMethod, Pool, User, UserMfa } from '../model.ts';
import { mfaMethodsOf, passkeysAreMultiFactor } from '../pool-factors.ts';
import { operation } from '../registry.ts';
import { accessToken, poolId, text, username } from '../schema.ts';
import { signedIn } from '../tokens/access.ts';
import { findUser } from './find-user.ts';

const preference = v.optional(
  v.object({ Enabled: v.optional(v.boolean()), PreferredMfa: v.optional(v.boolean()) }),
);
const preferences = {
  SMSMfaSettings: preference,
  SoftwareTokenMfaSettings: preference,
  EmailMfaSettings: preference,
  WebAuthnMfaSettings: v.optional(v.object({ Enabled: v.optional(v.boolean()) })),
};
const who = { UserPoolId: poolId, Username: username };
const options = v.array(
  v.object({ DeliveryMedium: v.optional(v.string()), AttributeName: v.optional(text(1, 32)) }),
);

/** Which second factors a user wants, and what they can sign in with. */
export const mfaPreferenceOperations = [
  operation('SetUserMFAPreference', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, ...preferences }),
    handle: async (engine, input, call) => {
      const { pool, user } = signedIn(engine, call, input.AccessToken);
      await setPreferences(engine, pool, user, input);
      return {};
    },
  }),
  operation('AdminSetUserMFAPreference', {
    access: 'iam',
    input: v.object({ ...who, ...preferences }),
    handle: async (engine, input) => {
      await setPreferences(engine, engine.pools.get(input.UserPoolId), findUser(engine, input), input);
      return {};
    },
  }),
  operation('SetUserSettings', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, MFAOptions: options }),
    handle: async (engine, input, call) => {
      const { pool, user } = signedIn(engine, call, input.AccessToken);
      await setSmsOption(engine, pool, user, input.MFAOptions);
      return {};
    },
  }),
  operation('AdminSetUserSettings', {
    access: 'iam',
    input: v.object({ ...who, MFAOptions: options }),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      await setSmsOption(engine, engine.pools.get(input.UserPoolId), user, input.MFAOptions);
      return {};
    },
  }),
  operation('GetUserAuthFactors', {
    access: 'token',
    input: v.object({ AccessToken: accessToken }),
    handle: (engine, input, call) => {
      const { pool, user } = signedIn(engine, call, input.AccessToken);
      return describeFactors(engine, pool, user);
    },
  }),
  operation('AdminGetUserAuthFactors', {
    access: 'iam',
    input: v.object(who),
    handle: (engine, input) =>
      describeFactors(engine, engine.pools.get(input.UserPoolId), findUser(engine, input)),
  }),
];

type Input = v.InferOutput<v.ObjectSchema<typeof preferences, undefined>>;

function setPreferences(engine: Engine, pool: Pool, user: User, input: Input): Promise<User> {
  const given = [
    ['SMS_MFA', input.SMSMfaSettings],
    ['SOFTWARE_TOKEN_MFA', input.SoftwareTokenMfaSettings],
    ['EMAIL_OTP', input.EmailMfaSettings],
  ] as const;
  if (given.filter(([, settings]) => settings?.PreferredMfa).length > 1) {
    throw invalidParameter('Only one MFA method can be preferred.');
  }
  return engine.directory.update(user, (current) => {
    const mfa = given.reduce((before, [method, settings]) => {
      if (settings === undefined) return before;
      if (settings.Enabled) requireUsable(pool, current, method);
      else if (settings.PreferredMfa) throw invalidParameter('A preferred MFA method has to be enabled.');
      return changed(before, method, settings.Enabled === true, settings.PreferredMfa === true);
    }, current.mfa ?? nothing);
    return { mfa: withPasskeys(pool, mfa, input.WebAuthnMfaSettings?.Enabled) };
  });
}

const nothing: UserMfa = { enabled: [] };

function changed(mfa: UserMfa, method: MfaMethod, isEnabled: boolean, isPreferred: boolean): UserMfa {
  const { preferred: before, enabled, ...rest } = mfa;
  const others = enabled.filter((name) => name !== method);
  const preferred = isPreferred ? method : before === method ? undefined : before;
  return {
    ...rest,
    enabled: isEnabled ? [...others, method] : others,
    ...(preferred ? { preferred } : {}),
  };
}

/** A passkey alone would lock its owner out with it. */
function withPasskeys(pool: Pool, mfa: UserMfa, wanted: boolean | undefined): UserMfa {
  if (wanted === undefined) return mfa;
  if (wanted && !passkeysAreMultiFactor(pool)) {
    throw invalidParameter('The user pool does not take passkeys for multi-factor authentication.');
  }
  if (wanted && mfa.enabled.length === 0) {
    throw invalidParameter('Passkey MFA needs at least one other MFA method.');
  }
  return { ...mfa, webAuthn: wanted };
}

function requireUsable(pool: Pool, user: User, method: MfaMethod): void {
  if (!mfaMethodsOf(pool).includes(method)) {
    throw invalidParameter(`${method} is not enabled for the user pool.`);
  }
  if (isSetUp(user, method)) return;
  throw invalidParameter(
    method === 'SOFTWARE_TOKEN_MFA'
      ? 'User has not verified software token mfa'
      : `User does not have delivery config set to turn on ${method}`,
  );
}

/** The predecessor of the preferences: SMS or nothing. */
function setSmsOption(engine: Engine, pool: Pool, user: User, given: v.InferOutput<typeof options>) {
  const isSms = given.some(
    ({ DeliveryMedium, AttributeName }) => DeliveryMedium === 'SMS' && AttributeName === 'phone_number',
  );
  if (given.length > 0 && !isSms) throw invalidParameter('Only SMS to phone_number can be set.');
  return setPreferences(engine, pool, user, { SMSMfaSettings: { Enabled: isSms, PreferredMfa: false } });
}

/** As GetUser and AdminGetUser show them. */
export function describeMfa(pool: Pool, user: User) {
  const methods = chosenMethods(pool, user);
  const preferred = user.mfa?.preferred;
  return {
    ...(preferred && methods.includes(preferred) ? { PreferredMfaSetting: preferred } : {}),
    ...(methods.length > 0 ? { UserMFASettingList: methods } : {}),
    ...(methods.includes('SMS_MFA')
      ? { MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] }
      : {}),
  };
}

function describeFactors(engine: Engine, pool: Pool, user: User) {
  const { MFAOptions: _legacy, ...mfa } = describeMfa(pool, user);
  const token = user.softwareToken?.secret ? ['SOFTWARE_TOKEN'] : [];
  return {
    Username: user.username,
    ...mfa,
    ConfiguredUserAuthFactors: [...usableFactors(engine, pool, user), ...token],
  };
}
