import { timingSafeEqual } from 'node:crypto';
import type { Engine } from './engine.ts';
import { codeExpired, codeMismatch } from './errors.ts';
import type { CodePurpose, IssuedCode, User } from './model.ts';
import { newCode } from './random.ts';

const hourMs = 3_600_000;

const lifetimeMs = (purpose: CodePurpose): number => (purpose === 'forgot-password' ? hourMs : 24 * hourMs);

/** Issues a code, which replaces an earlier one for the same purpose. Only its keyed digest is stored. */
export async function issueCode(
  engine: Engine,
  user: User,
  purpose: CodePurpose,
  to: Pick<IssuedCode, 'attribute' | 'destination'>,
): Promise<string> {
  const code = newCode();
  const issued: IssuedCode = {
    digest: digestOf(engine, user, purpose, code).toString('hex'),
    expiresAt: engine.cloud.clock.now() + lifetimeMs(purpose),
    ...to,
  };
  await engine.directory.update(user, ({ codes }) => ({ codes: { ...codes, [purpose]: issued } }));
  return code;
}

/**
 * Checks a code against the user's current record. Whoever calls counts the attempt first and, before any wait,
 * stores {@link withoutCode}: that makes it single use.
 * @throws AwsError `ExpiredCodeException` (also when none was issued) or `CodeMismatchException`
 */
export function checkCode(engine: Engine, user: User, purpose: CodePurpose, given: string): IssuedCode {
  const issued = user.codes[purpose];
  if (!issued || engine.cloud.clock.now() >= issued.expiresAt) throw codeExpired();
  const digest = digestOf(engine, user, purpose, given);
  if (!timingSafeEqual(digest, Buffer.from(issued.digest, 'hex'))) throw codeMismatch();
  return issued;
}

export function withoutCode(user: User, purpose: CodePurpose): Pick<User, 'codes'> {
  const { [purpose]: _spent, ...codes } = user.codes;
  return { codes };
}

const digestOf = (engine: Engine, user: User, purpose: CodePurpose, code: string): Buffer =>
  engine.secrets.derive('code', user.poolId, user.sub, purpose, code);
