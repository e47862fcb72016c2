import type { ConsentPurpose, ConsentTextVersion } from '../configuration.ts';
import type { ConsentState, ConsentStates } from './ledger.ts';

/** The version that is asked for today. Configuration keeps versions newest first and at least one. */
export function currentVersion(purpose: ConsentPurpose): ConsentTextVersion {
  const [newest] = purpose.versions;
  if (!newest) throw new Error(`purpose ${purpose.name}: no text version configured`);
  return newest;
}

/**
 * Whether an answer still speaks about today's text: it does until a materially new version came after the one it
 * answered. An answer to a version that the configuration no longer knows covers nothing.
 */
export function covers(purpose: ConsentPurpose, state: ConsentState | undefined): boolean {
  if (!state || state.purpose !== purpose.name) return false;
  const answered = purpose.versions.findIndex(({ version }) => version === state.version);
  return answered >= 0 && purpose.versions.slice(0, answered).every(({ material }) => !material);
}

/** Whether data may be used for the purpose now: a contract needs no consent, anything else a grant that covers. */
export const permits = (purpose: ConsentPurpose, state: ConsentState | undefined): boolean =>
  purpose.basis === 'contract' || (state?.decision === 'granted' && covers(purpose, state));

/**
 * Whether the person should be asked: never answered, or answered to an older text that a material version replaced.
 * A no counts as an answer and is not asked again for the same text. Contract purposes are only asked where an
 * agreement is required (terms of use), for example after a sign-up that did not come through our form.
 */
export const needsAsking = (purpose: ConsentPurpose, state: ConsentState | undefined): boolean =>
  (purpose.basis === 'consent' || purpose.requiredAtRegistration) && !covers(purpose, state);

/** Names of the `consent` purposes granted now, in the order of the configuration: what tokens and readers go by. */
export const grantedPurposes = (
  purposes: readonly ConsentPurpose[],
  states: ConsentStates,
): readonly string[] =>
  purposes
    .filter((purpose) => purpose.basis === 'consent' && permits(purpose, states.get(purpose.name)))
    .map(({ name }) => name);

/** Answers `permits` by name; a purpose that is not configured permits nothing. */
export function permissions(purposes: readonly ConsentPurpose[], states: ConsentStates) {
  const permitted = new Set(
    purposes.filter((purpose) => permits(purpose, states.get(purpose.name))).map(({ name }) => name),
  );
  return (purpose: string): boolean => permitted.has(purpose);
}
