import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { countAttempt } from '../auth/code.ts';
import { noSoftwareToken } from '../auth/mfa-answers.ts';
import { knownSubject, type SignInSubject } from '../auth/subject.ts';
import type { Call, Engine } from '../engine.ts';
import { invalidParameter, invalidSession } from '../errors.ts';
import type { Pool, User } from '../model.ts';
import { mfaMethodsOf } from '../pool-factors.ts';
import { operation } from '../registry.ts';
import { oneOf, poolId, text, username } from '../schema.ts';
import { signedIn } from '../tokens/access.ts';
import { matchingStep, newTotpSecret } from '../totp.ts';
import { findUser } from './find-user.ts';

const holder = { AccessToken: v.optional(text(1, 20_000)), Session: v.optional(text(20, 20_000)) };

/** Setting up an authenticator app: with an access token afterwards, or with the session of MFA_SETUP on the way in. */
export const softwareTokenOperations = [
  operation('AssociateSoftwareToken', {
    access: 'token',
    input: v.object(holder),
    handle: async (engine, input, call) => {
      const secret = newTotpSecret();
      if (input.AccessToken) {
        const { pool, user } = signedIn(engine, call, input.AccessToken);
        requireSoftwareTokens(pool);
        await engine.directory.update(user, ({ softwareToken }) => ({
          softwareToken: { spentSteps: [], ...softwareToken, unproven: secret },
        }));
        return { SecretCode: secret };
      }
      const { state, pool } = openSetup(engine, input.Session);
      requireSoftwareTokens(pool);
      await engine.sessions.close(state);
      return { SecretCode: secret, Session: engine.sessions.seal({ ...state, setup: { secret } }) };
    },
  }),
  operation('VerifySoftwareToken', {
    access: 'token',
    input: v.object({
      ...holder,
      UserCode: text(6, 6, /^[0-9]+$/),
      FriendlyDeviceName: v.optional(text(0, 131_072)),
    }),
    handle: (engine, input, call) => {
      const given = { code: input.UserCode, name: input.FriendlyDeviceName };
      return input.AccessToken
        ? verifySignedIn(engine, call, input.AccessToken, given)
        : verifyOnTheWayIn(engine, input.Session, given);
    },
  }),
  operation('AdminDeleteSoftwareToken', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      Username: username,
      FriendlyDeviceName: v.optional(text(0, 131_072)),
      Status: v.optional(oneOf('ENABLED', 'DISABLED')),
    }),
    handle: async (engine, input) => {
      await engine.directory.update(findUser(engine, input), (current) => {
        if (!current.softwareToken?.secret) throw noSoftwareToken();
        return { softwareToken: undefined, mfa: withoutSoftwareToken(current) };
      });
      return {};
    },
  }),
];

interface Proof {
  readonly code: string;
  readonly name: string | undefined;
}

async function verifySignedIn(engine: Engine, call: Call, token: string, given: Proof) {
  const { user } = signedIn(engine, call, token);
  const secret = user.softwareToken?.unproven;
  if (!secret) throw noSoftwareToken();
  const step = await prove(engine, knownSubject(engine, user, user.username), secret, given.code);
  await engine.directory.update(user, ({ softwareToken }) => {
    if (softwareToken?.unproven !== secret) throw noSoftwareToken();
    return { softwareToken: { secret, spentSteps: [step], ...(given.name ? { name: given.name } : {}) } };
  });
  return { Status: 'SUCCESS' };
}

async function verifyOnTheWayIn(engine: Engine, session: string | undefined, given: Proof) {
  const { state, pool } = openSetup(engine, session);
  const user = state.sub ? engine.directory.bySub(pool.id, state.sub) : undefined;
  if (!user || !state.setup) throw invalidSession();
  const { secret } = state.setup;
  const step = await prove(engine, knownSubject(engine, user, state.typedName), secret, given.code);
  await engine.sessions.close(state);
  const setup = { secret, step, ...(given.name ? { name: given.name } : {}) };
  return { Status: 'SUCCESS', Session: engine.sessions.seal({ ...state, setup }) };
}

async function prove(engine: Engine, who: SignInSubject, secret: string, code: string): Promise<number> {
  const step = matchingStep(secret, code, [engine.cloud.clock.now(), Date.now()]);
  await countAttempt(engine, who, step !== undefined, mismatch);
  if (step === undefined) throw mismatch();
  return step;
}

const mismatch = () =>
  new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA');

function openSetup(engine: Engine, session: string | undefined) {
  if (!session) throw invalidParameter('Missing required parameter Session');
  const state = engine.sessions.open(session, undefined, 'MFA_SETUP');
  return { state, pool: engine.pools.get(state.poolId) };
}

function requireSoftwareTokens(pool: Pool): void {
  if (mfaMethodsOf(pool).includes('SOFTWARE_TOKEN_MFA')) return;
  throw new AwsError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled for the userpool',
  );
}

function withoutSoftwareToken({ mfa }: User): User['mfa'] {
  if (!mfa) return undefined;
  const { preferred, enabled, ...rest } = mfa;
  return {
    ...rest,
    enabled: enabled.filter((method) => method !== 'SOFTWARE_TOKEN_MFA'),
    ...(preferred && preferred !== 'SOFTWARE_TOKEN_MFA' ? { preferred } : {}),
  };
}
