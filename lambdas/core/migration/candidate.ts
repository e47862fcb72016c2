import type { ConsentPurpose, ProfileField, ServiceConfiguration } from '../configuration.ts';
import { canonicalIdentifier } from '../identifier.ts';
import { checkField } from '../profile/fields.ts';
import { hashProblem, type PasswordHash } from './hash.ts';
import type { Comparable } from './match.ts';
import type { ImportedConsent, WaitingPerson } from './record.ts';

/** One line of another system in our words; a preset makes it, nothing in it has been checked. */
export interface Candidate {
  readonly email?: unknown;
  readonly emailVerified?: unknown;
  readonly blocked?: unknown;
  /** RFC 3339 or a date: the account counts until then. */
  readonly expiresAt?: unknown;
  /** `unreadable`: there is a hash in a form that nobody here knows. */
  readonly password?: PasswordHash | 'unreadable';
  readonly phone?: unknown;
  readonly name?: unknown;
  readonly birthDate?: unknown;
  readonly locale?: unknown;
  /** By our field names. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly consents: readonly CandidateConsent[];
}

export interface CandidateConsent {
  readonly purpose: string;
  readonly decision?: unknown;
  readonly version?: unknown;
  readonly language?: unknown;
  readonly at?: unknown;
}

/** A field of a line and what is wrong with it, without the value. */
export interface Finding {
  readonly field: string;
  readonly code: FindingCode;
  readonly reason: string;
}

export type FindingCode =
  | 'LINE_UNREADABLE'
  | 'ADDRESS_INVALID'
  | 'ADDRESS_UNVERIFIED'
  | 'ACCOUNT_BLOCKED'
  | 'ACCOUNT_EXPIRED'
  | 'PASSWORD_UNREADABLE'
  | 'PASSWORD_TOO_COSTLY'
  | 'PASSWORD_ABSENT'
  | 'LOCALE_UNKNOWN'
  | 'FIELD_UNKNOWN'
  | 'FIELD_REFUSED'
  | 'FIELD_WITHOUT_CONSENT'
  | 'CONSENT_PURPOSE_UNKNOWN'
  | 'CONSENT_DECISION_UNCLEAR'
  | 'CONSENT_WITHOUT_VERSION'
  | 'CONSENT_VERSION_UNKNOWN'
  | 'CONSENT_WITHOUT_TIME'
  | 'CONSENT_LANGUAGE_UNKNOWN';

export type Admission =
  | { readonly kind: 'rejected'; readonly findings: readonly Finding[] }
  /** `findings` names what was left behind. */
  | {
      readonly kind: 'admitted';
      readonly person: WaitingPerson;
      readonly comparable: Comparable;
      readonly findings: readonly Finding[];
    };

export interface AdmissionRules
  extends Pick<ServiceConfiguration, 'languages' | 'purposes'>,
    Readonly<Record<'profile', Pick<ServiceConfiguration['profile'], 'fields'>>> {
  /** Whether a person whose hash cannot be used is refused, or comes without a password and sets a new one by mail. */
  readonly unusablePasswords: 'refuse' | 'reset';
  /** RFC 3339: what the file says was true then. */
  readonly exportedAt: string;
}

const finding = (field: string, code: FindingCode, reason: string): Finding => ({ field, code, reason });

/**
 * Whether a line may come in and with what. Refused: no proven address, banned, expired, a hash that cannot be checked.
 * Left behind, and said so: fields that our rules refuse, and consents that could not be proven later.
 * @param now - epoch milliseconds
 */
export function admitCandidate(candidate: Candidate, rules: AdmissionRules, now: number): Admission {
  const email = typeof candidate.email === 'string' ? canonicalIdentifier(candidate.email) : undefined;
  const password = passwordOf(candidate, rules);
  const rejects = [
    ...(email ? [] : [finding('email', 'ADDRESS_INVALID', 'expected one e-mail address in ASCII')]),
    ...standing(candidate, now),
    ...password.rejects,
  ];
  if (!email || rejects.length > 0) return { kind: 'rejected', findings: rejects };
  const locale = localeOf(candidate.locale, rules.languages);
  const language = locale.language ?? rules.languages[0] ?? 'en';
  const consents = consentsOf(candidate.consents, rules.purposes, language, now);
  const fields = fieldsOf(candidate.fields, rules, consents.taken, now);
  return {
    kind: 'admitted',
    person: {
      email,
      ...(password.hash && { password: password.hash }),
      ...(locale.language && { locale: locale.language }),
      fields: fields.taken,
      consents: consents.taken,
      exportedAt: rules.exportedAt,
    },
    comparable: comparableOf(email, candidate),
    findings: [...password.findings, ...locale.findings, ...consents.findings, ...fields.findings],
  };
}

/** `true`, `"true"`, `1`, `"1"`, `"yes"`: what exports write for yes; everything else is none. */
export const isYes = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^(true|1|yes|y)$/i.test(value.trim()));
const isNo = (value: unknown): boolean =>
  value === false || value === 0 || (typeof value === 'string' && /^(false|0|no|n)$/i.test(value.trim()));

function standing({ emailVerified, blocked, expiresAt }: Candidate, now: number): Finding[] {
  const end = timeOf(expiresAt);
  const hasEnd = expiresAt !== undefined && expiresAt !== null && expiresAt !== '';
  return [
    ...(isYes(emailVerified)
      ? []
      : [finding('email_verified', 'ADDRESS_UNVERIFIED', 'the address was never proven there')]),
    // A flag that is neither yes nor no is no permission.
    ...(blocked === undefined || blocked === null || blocked === '' || isNo(blocked)
      ? []
      : [finding('blocked', 'ACCOUNT_BLOCKED', 'the account is banned, blocked or disabled there')]),
    ...(hasEnd && (end === undefined || end <= now)
      ? [finding('expires_at', 'ACCOUNT_EXPIRED', 'the account is over there, or its end is no time')]
      : []),
  ];
}

interface ReadPassword {
  readonly hash?: PasswordHash;
  readonly rejects: readonly Finding[];
  readonly findings: readonly Finding[];
}

function passwordOf({ password }: Candidate, { unusablePasswords }: AdmissionRules): ReadPassword {
  if (password === undefined) {
    const absent = finding('password', 'PASSWORD_ABSENT', 'a new one has to be set by mail');
    return { rejects: [], findings: [absent] };
  }
  const problem = password === 'unreadable' ? 'the form of the hash is not known' : hashProblem(password);
  if (password !== 'unreadable' && problem === undefined) {
    return { hash: password, rejects: [], findings: [] };
  }
  const isCost = problem?.includes('the limit is') === true;
  const found = finding('password', isCost ? 'PASSWORD_TOO_COSTLY' : 'PASSWORD_UNREADABLE', problem ?? '');
  return unusablePasswords === 'refuse'
    ? { rejects: [found], findings: [] }
    : { rejects: [], findings: [found] };
}

function localeOf(value: unknown, languages: readonly string[]) {
  if (typeof value !== 'string' || value === '') return { findings: [] };
  const tag = value.replace('_', '-');
  const known =
    languages.find((language) => language.toLowerCase() === tag.toLowerCase()) ??
    languages.find((language) => language === tag.slice(0, 2).toLowerCase());
  if (known) return { language: known, findings: [] };
  return { findings: [finding('locale', 'LOCALE_UNKNOWN', 'not one of the configured languages')] };
}

/** Epoch milliseconds of a time or a date as exports write it (RFC 3339, or epoch milliseconds). */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{12,14}$/.test(value)))
    return Number(value);
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * A consent must be provable later: which text, in which language, when. One whose text version the file does not name,
 * or names wrongly, is not taken over: the person is asked again.
 */
function consentsOf(
  given: readonly CandidateConsent[],
  purposes: readonly ConsentPurpose[],
  language: string,
  now: number,
): { readonly taken: readonly ImportedConsent[]; readonly findings: readonly Finding[] } {
  const taken = new Map<string, ImportedConsent>();
  const findings: Finding[] = [];
  for (const consent of given) {
    const read = consentOf(consent, purposes, language, now);
    if ('purpose' in read) taken.set(read.purpose, read);
    else if (read.code) findings.push(finding(`consent.${consent.purpose}`, read.code, read.reason));
  }
  return { taken: [...taken.values()], findings };
}

type ConsentProblem = { readonly code?: FindingCode; readonly reason: string };

function consentOf(
  { purpose: name, decision, version, language: named, at }: CandidateConsent,
  purposes: readonly ConsentPurpose[],
  fallback: string,
  now: number,
): ImportedConsent | ConsentProblem {
  if (decision === undefined || decision === null || decision === '') return { reason: 'never asked' };
  const purpose = purposes.find((known) => known.name === name);
  if (!purpose) return { code: 'CONSENT_PURPOSE_UNKNOWN', reason: 'not one of the configured purposes' };
  const isGranted = decision === 'granted' || isYes(decision);
  if (!isGranted && decision !== 'withdrawn' && !isNo(decision)) {
    return { code: 'CONSENT_DECISION_UNCLEAR', reason: 'expected granted or withdrawn' };
  }
  if (!isGranted && purpose.basis === 'contract') {
    return { code: 'CONSENT_DECISION_UNCLEAR', reason: 'belongs to the contract and cannot be withdrawn' };
  }
  if (version === undefined || version === null || version === '') {
    return { code: 'CONSENT_WITHOUT_VERSION', reason: 'the file does not say to which text' };
  }
  const text = purpose.versions.find((known) => known.version === String(version));
  if (!text) return { code: 'CONSENT_VERSION_UNKNOWN', reason: 'not one of the configured text versions' };
  const time = timeOf(at);
  if (time === undefined || time > now) {
    return { code: 'CONSENT_WITHOUT_TIME', reason: 'the file does not say when' };
  }
  const language = typeof named === 'string' && named !== '' ? named : fallback;
  const textHash = Object.hasOwn(text.textHashes, language) ? text.textHashes[language] : undefined;
  if (!textHash) return { code: 'CONSENT_LANGUAGE_UNKNOWN', reason: 'the text is not kept in this language' };
  return {
    purpose: name,
    decision: isGranted ? 'granted' : 'withdrawn',
    version: text.version,
    language,
    textHash,
    at: new Date(time).toISOString(),
  };
}

function fieldsOf(
  given: Readonly<Record<string, unknown>>,
  { profile, purposes }: AdmissionRules,
  consents: readonly ImportedConsent[],
  now: number,
): { readonly taken: WaitingPerson['fields']; readonly findings: readonly Finding[] } {
  const taken: Record<string, WaitingPerson['fields'][string]> = {};
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === '') continue;
    const field = profile.fields.find((known) => known.name === name);
    if (!field) {
      findings.push(finding(`profile.${name}`, 'FIELD_UNKNOWN', 'not one of the configured fields'));
      continue;
    }
    const checked = checkField(field, typedValue(field, value), now);
    if (!checked.ok) findings.push(finding(`profile.${name}`, 'FIELD_REFUSED', checked.allowed));
    else if (!isPermitted(field, purposes, consents))
      findings.push(
        finding(`profile.${name}`, 'FIELD_WITHOUT_CONSENT', `needs the consent ${field.purpose}`),
      );
    else taken[name] = { value: checked.value, purpose: field.purpose };
  }
  return { taken, findings };
}

const isPermitted = (
  { purpose: name }: ProfileField,
  purposes: readonly ConsentPurpose[],
  consents: readonly ImportedConsent[],
): boolean => {
  const purpose = purposes.find((known) => known.name === name);
  if (!purpose || purpose.basis === 'contract') return true;
  const given = consents.find((consent) => consent.purpose === name);
  const answered = purpose.versions.findIndex(({ version }) => version === given?.version);
  // As at every other place: an answer to a text that a materially new one replaced covers nothing.
  return (
    given?.decision === 'granted' && !purpose.versions.slice(0, answered).some(({ material }) => material)
  );
};

/** CSV knows only text. */
function typedValue({ type }: ProfileField, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'number' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value)) return Number(value);
  if (type === 'boolean' && (isYes(value) || isNo(value))) return isYes(value);
  return value;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function comparableOf(email: string, { phone, name, birthDate }: Candidate): Comparable {
  const digits = textOf(phone)?.replace(/[\s()./-]/g, '');
  const date = textOf(birthDate)?.slice(0, 10);
  const isNumber = digits !== undefined && /^(\+|00)[1-9]\d{6,14}$/.test(digits);
  const nameText = textOf(name);
  return {
    email,
    ...(isNumber && { phone: digits.replace(/^00/, '+') }),
    ...(nameText && { name: nameText }),
    ...(date && /^\d{4}-\d{2}-\d{2}$/.test(date) && { birthDate: date }),
  };
}
