import type { ConsentPurpose } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import { currentVersion } from './coverage.ts';
import type { ConsentDecision, ConsentState } from './ledger.ts';

/** Which text the person had before them. */
export interface ShownText {
  readonly version: string;
  readonly language: string;
  readonly textHash: string;
}

export interface ConsentAnswer extends Partial<ShownText> {
  readonly decision: ConsentDecision;
}

/** The configured purpose. @throws CiamError `CONSENT_PURPOSE_UNKNOWN` */
export function purposeNamed(purposes: readonly ConsentPurpose[], name: string): ConsentPurpose {
  const purpose = purposes.find((candidate) => candidate.name === name);
  if (!purpose) throw new CiamError('CONSENT_PURPOSE_UNKNOWN', 'There is no such purpose.');
  return purpose;
}

/**
 * The text that the answer is bound to. A grant must be to exactly today's text. A withdrawal is never held up by a
 * new version: it may name any text we know, or none, and then speaks about the decision that it ends.
 * @throws CiamError `CONSENT_TEXT_MISMATCH` when the text is not ours, or no longer the one to agree to
 * @throws CiamError `CONSENT_NOT_WITHDRAWABLE` for a purpose that rests on the contract
 */
export function answeredText(
  purpose: ConsentPurpose,
  answer: ConsentAnswer,
  standing: ConsentState | undefined,
): ShownText {
  if (answer.decision === 'granted') return grantedText(purpose, answer);
  if (purpose.basis === 'contract') {
    throw new CiamError(
      'CONSENT_NOT_WITHDRAWABLE',
      'This purpose belongs to the contract and ends with the account; it cannot be withdrawn by itself.',
    );
  }
  return withdrawnText(purpose, answer, standing);
}

function grantedText(purpose: ConsentPurpose, answer: ConsentAnswer): ShownText {
  const { version, language, textHash } = answer;
  if (version === undefined || language === undefined || textHash === undefined) {
    throw new CiamError('REQUEST_INVALID', 'A grant names the text that was shown.', {
      fields: (['version', 'language', 'textHash'] as const)
        .filter((name) => answer[name] === undefined)
        .map((name) => ({ pointer: `/${name}`, detail: 'is required to grant' })),
    });
  }
  const shown = { version, language, textHash };
  if (version !== currentVersion(purpose).version || !isOurs(purpose, shown)) throw textMismatch();
  return shown;
}

function withdrawnText(
  purpose: ConsentPurpose,
  answer: ConsentAnswer,
  standing: ConsentState | undefined,
): ShownText {
  const { version, language, textHash } = answer;
  if (version === undefined && language === undefined && textHash === undefined) {
    return standing ? textOf(standing) : newestText(purpose);
  }
  const shown = { version: version ?? '', language: language ?? '', textHash: textHash ?? '' };
  if (isOurs(purpose, shown) || (standing && sameText(standing, shown))) return shown;
  throw textMismatch();
}

const isOurs = (purpose: ConsentPurpose, shown: ShownText): boolean => {
  const known = purpose.versions.find(({ version }) => version === shown.version);
  return (
    known !== undefined &&
    Object.hasOwn(known.textHashes, shown.language) &&
    known.textHashes[shown.language] === shown.textHash
  );
};

const textOf = ({ version, language, textHash }: ShownText): ShownText => ({ version, language, textHash });

function newestText(purpose: ConsentPurpose): ShownText {
  const { version, textHashes } = currentVersion(purpose);
  const [first] = Object.entries(textHashes);
  if (!first) throw new Error(`purpose ${purpose.name}: version ${version} has no text`);
  return { version, language: first[0], textHash: first[1] };
}

export const sameText = (left: ShownText, right: ShownText): boolean =>
  left.version === right.version && left.language === right.language && left.textHash === right.textHash;

const textMismatch = (): CiamError =>
  new CiamError(
    'CONSENT_TEXT_MISMATCH',
    'The answer does not belong to the current text. Show the text again and ask once more.',
  );
