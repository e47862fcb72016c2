import type { ConsentPurpose } from '../configuration.ts';
import { currentVersion, needsAsking, permits } from './coverage.ts';
import type { ConsentState, ConsentStates } from './ledger.ts';

/** One purpose as a privacy page shows it: today's text in one language, and where the person stands. */
export interface ConsentOverview {
  readonly purpose: string;
  /** Its name for people; absent where the configuration gives none. */
  readonly label?: string;
  readonly basis: ConsentPurpose['basis'];
  readonly required: boolean;
  /** Today's text. A grant sends `version`, `language` and `textHash` back as they are here. */
  readonly version: string;
  readonly language: string;
  readonly text: string;
  readonly textHash: string;
  /** Whether no answer covers today's text yet. */
  readonly ask: boolean;
  /** Whether data may be used for the purpose now: contract, or a grant that covers today's text. */
  readonly active: boolean;
  /** What was answered, to which text and when; absent when never asked. */
  readonly standing?: Omit<ConsentState, 'purpose' | 'ledgerId'>;
}

/** Every configured purpose, in the order of the configuration. `language` is one of the configured languages. */
export const consentOverview = (
  purposes: readonly ConsentPurpose[],
  states: ConsentStates,
  language: string,
): ConsentOverview[] => purposes.map((purpose) => overviewOf(purpose, states.get(purpose.name), language));

function overviewOf(
  purpose: ConsentPurpose,
  state: ConsentState | undefined,
  language: string,
): ConsentOverview {
  const { version, texts, textHashes } = currentVersion(purpose);
  const text = texts[language];
  const textHash = textHashes[language];
  if (text === undefined || textHash === undefined) {
    throw new Error(`purpose ${purpose.name}: version ${version} has no text in ${language}`);
  }
  const label = purpose.label?.[language];
  return {
    purpose: purpose.name,
    ...(label !== undefined && { label }),
    basis: purpose.basis,
    required: purpose.requiredAtRegistration,
    version,
    language,
    text,
    textHash,
    ask: needsAsking(purpose, state),
    active: permits(purpose, state),
    ...(state && { standing: standingOf(state) }),
  };
}

const standingOf = ({ decision, version, language, textHash, at }: ConsentState) => ({
  decision,
  version,
  language,
  textHash,
  at,
});
