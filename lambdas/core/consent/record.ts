import type { ConsentPurpose } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import { withoutPurpose } from '../profile/change.ts';
import { type AccountRules, type OwnerRequest, untilWritten } from '../profile/owner-request.ts';
import type { Profiles, ProfileWrite } from '../profile/ports.ts';
import { answeredText, type ConsentAnswer, purposeNamed, sameText } from './answer.ts';
import { type ConsentState, type LedgerEntry, nextLedgerId, stateOf } from './ledger.ts';
import type { Consents } from './ports.ts';

export interface ConsentStores {
  readonly consents: Consents;
  readonly profiles: Pick<Profiles, 'find'>;
  /** Sortable id for a time in epoch milliseconds. */
  ulid(now: number): string;
}

/**
 * Records an answer to one purpose: ledger entry, state and events in one transaction. An answer that the state
 * already holds (same decision, version, language and text) adds nothing, so a retry is harmless. A withdrawal also
 * removes, in that transaction, the profile values that only this consent carried.
 * @returns the state as it is now
 * @throws CiamError `CONSENT_PURPOSE_UNKNOWN`, `CONSENT_TEXT_MISMATCH`, `CONSENT_NOT_WITHDRAWABLE`, `REQUEST_INVALID`;
 *   `CONSENT_CONFLICT` when other answers kept coming in between
 */
export async function answerConsent(
  stores: ConsentStores,
  request: OwnerRequest,
  rules: AccountRules,
  name: string,
  answer: ConsentAnswer,
  source: LedgerEntry['source'] = 'privacy-page',
): Promise<ConsentState> {
  const purpose = purposeNamed(rules.purposes, name);
  return untilWritten(async () => {
    const standing = await stores.consents.state(request.sub, name);
    const text = answeredText(purpose, answer, standing);
    if (standing?.decision === answer.decision && sameText(standing, text)) return standing;
    const entry: LedgerEntry = {
      id: nextLedgerId(standing, request.now, stores.ulid),
      purpose: name,
      decision: answer.decision,
      ...text,
      at: new Date(request.now).toISOString(),
      source,
    };
    const removal =
      answer.decision === 'withdrawn' ? await removalOf(stores, request, rules, purpose) : undefined;
    const events = eventsOf(request, entry, removal);
    const profile = removal && { profile: removal.write };
    const isRecorded = await stores.consents.record({
      sub: request.sub,
      entry,
      standing,
      events,
      ...profile,
    });
    return isRecorded ? stateOf(entry) : undefined;
  }, conflict);
}

const conflict = () =>
  new CiamError('CONSENT_CONFLICT', 'The consent is being changed elsewhere. Read it again.');

interface Removal {
  readonly write: ProfileWrite;
  readonly removed: readonly string[];
}

/**
 * Also where there is nothing to remove the profile's version is raised: a change that saw the grant and is not
 * stored yet must fail, or it would bring a value back without a basis.
 */
async function removalOf(
  stores: ConsentStores,
  request: OwnerRequest,
  rules: AccountRules,
  purpose: ConsentPurpose,
): Promise<Removal | undefined> {
  const profile = await stores.profiles.find(request.sub);
  const { fields, removed } = withoutPurpose(profile.fields, purpose.name);
  const carriesFields = rules.profile.fields.some((field) => field.purpose === purpose.name);
  if (!carriesFields && removed.length === 0) return undefined;
  const at = new Date(request.now).toISOString();
  return { write: { sub: request.sub, expectedVersion: profile.version, fields, at }, removed };
}

function eventsOf(request: OwnerRequest, entry: LedgerEntry, removal: Removal | undefined) {
  const { id: ledgerId, purpose, version, language, textHash } = entry;
  const facts = { purpose, version, language, textHash, ledgerId };
  const decided = request.event(`consent.${entry.decision}`, facts);
  if (!removal || removal.removed.length === 0) return [decided];
  const after = removal.write.expectedVersion + 1;
  const cause = 'consent.withdrawn';
  return [decided, request.event('profile.changed', { fields: removal.removed, version: after, cause })];
}
