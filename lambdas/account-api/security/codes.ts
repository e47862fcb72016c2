import { timingSafeEqual } from 'node:crypto';
import { CiamError } from '../../core/errors.ts';
import type { PendingChange, PendingKind } from '../../core/factor/ports.ts';
import type { Sub } from '../../core/ids.ts';
import type { Pseudonyms } from '../../ports.ts';
import type { SecurityServices } from './services.ts';

export const codeLength = 6;
/** Answers to one code: with {@link maxBegunPerHour} sends, 25 guesses in a million per hour and person. */
export const maxAnswers = 5;
/** Changes of one kind that a person may begin in an hour; each sends a message at the most. */
export const maxBegunPerHour = 5;

/** Bound to person, kind and this one change: the code of another change is as wrong as any other. */
export const codeHash = (
  pseudonyms: Pseudonyms,
  sub: Sub,
  change: Pick<PendingChange, 'kind' | 'id'>,
  code: string,
): Promise<string> => pseudonyms.of('code', `${change.kind}\0${sub}\0${change.id}\0${code}`);

/** @throws CiamError `TOO_MANY_ATTEMPTS` */
export async function claimBeginning(
  { pending }: Pick<SecurityServices, 'pending'>,
  sub: Sub,
  kind: PendingKind,
): Promise<void> {
  if (await pending.claimBeginning(sub, kind, maxBegunPerHour)) return;
  throw new CiamError('TOO_MANY_ATTEMPTS', 'This was asked for too often. Please wait.', {
    retryAfterSeconds: 3_600,
  });
}

/** Counts the answer first, so that parallel guesses evaluate no more than are allowed. `undefined`: not this code. */
export async function provenByCode(
  { pending, pseudonyms, clock }: Pick<SecurityServices, 'pending' | 'pseudonyms' | 'clock'>,
  sub: Sub,
  kind: PendingKind,
  code: string,
): Promise<PendingChange | undefined> {
  const nowSeconds = Math.floor(clock.now() / 1000);
  const change = await pending.claimAnswer(sub, kind, { nowSeconds, maxAnswers });
  if (!change?.codeHash) return undefined;
  const given = Buffer.from(await codeHash(pseudonyms, sub, change, code));
  const expected = Buffer.from(change.codeHash);
  return given.length === expected.length && timingSafeEqual(given, expected) ? change : undefined;
}
