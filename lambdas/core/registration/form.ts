import type { ConsentPurpose, ProfileField, ServiceConfiguration } from '../configuration.ts';
import { currentVersion } from '../consent/coverage.ts';
import { CiamError, type FieldProblem } from '../errors.ts';
import { checkField } from '../profile/fields.ts';
import type { FieldValue } from '../profile/profile.ts';

/** What a person filled in beside address and password; the schema of the route has checked its shape. */
export interface TypedForm {
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly consents?: readonly GivenConsent[];
}

export interface GivenConsent {
  readonly purpose: string;
  readonly decision: 'granted' | 'withdrawn';
  readonly version: string;
  readonly language: string;
  readonly textHash: string;
}

/** What waits for the confirmation of the address. */
export interface RegistrationAnswers {
  readonly fields: Readonly<Record<string, { readonly value: FieldValue; readonly purpose: string }>>;
  readonly consents: readonly GivenConsent[];
}

type FormRules = Pick<ServiceConfiguration, 'profile' | 'purposes'>;

/**
 * Checks the whole form at once, so that nobody has to correct it field by field.
 * @throws CiamError `REQUEST_INVALID` naming every refused field; `CONSENT_TEXT_MISMATCH` when an answer belongs to a
 *   text that is not (or no longer) the one to show
 */
export function checkForm(form: TypedForm, rules: FormRules, now: number): RegistrationAnswers {
  const consents = form.consents ?? [];
  const problems = [
    ...consentProblems(consents, rules.purposes),
    ...missingConsents(consents, rules.purposes),
  ];
  const granted = new Set(
    consents.filter(({ decision }) => decision === 'granted').map(({ purpose }) => purpose),
  );
  const fields = checkFields(form.profile ?? {}, rules, granted, now, problems);
  if (problems.length > 0) {
    throw new CiamError('REQUEST_INVALID', 'The form has fields that are not allowed as they are.', {
      fields: problems,
    });
  }
  if (!consents.every((consent) => isCurrentText(consent, rules.purposes))) {
    throw new CiamError(
      'CONSENT_TEXT_MISMATCH',
      'A consent does not belong to the current text. Read the form again and show its texts.',
    );
  }
  return { fields, consents };
}

function consentProblems(
  consents: readonly GivenConsent[],
  purposes: readonly ConsentPurpose[],
): FieldProblem[] {
  return consents.flatMap(({ purpose, decision }, index): FieldProblem[] => {
    const pointer = `/consents/${index}/purpose`;
    const known = purposes.find(({ name }) => name === purpose);
    if (!known) return [{ pointer, detail: 'is not known here' }];
    if (consents.findIndex((other) => other.purpose === purpose) !== index) {
      return [{ pointer, detail: 'must be answered once' }];
    }
    if (known.basis === 'contract' && decision === 'withdrawn') {
      return [
        { pointer: `/consents/${index}/decision`, detail: 'must be granted: it belongs to the contract' },
      ];
    }
    return [];
  });
}

/** Required purposes that were not granted, by name: the answer tells a form builder what to add. */
function missingConsents(
  consents: readonly GivenConsent[],
  purposes: readonly ConsentPurpose[],
): FieldProblem[] {
  return purposes
    .filter(({ requiredAtRegistration }) => requiredAtRegistration)
    .filter(
      ({ name }) => !consents.some(({ purpose, decision }) => purpose === name && decision === 'granted'),
    )
    .map(({ name }) => ({ pointer: '/consents', detail: `must grant ${name}` }));
}

function isCurrentText(consent: GivenConsent, purposes: readonly ConsentPurpose[]): boolean {
  const purpose = purposes.find(({ name }) => name === consent.purpose);
  if (!purpose) return false;
  const { version, textHashes } = currentVersion(purpose);
  return (
    consent.version === version &&
    Object.hasOwn(textHashes, consent.language) &&
    textHashes[consent.language] === consent.textHash
  );
}

function checkFields(
  typed: Readonly<Record<string, unknown>>,
  { profile, purposes }: FormRules,
  granted: ReadonlySet<string>,
  now: number,
  problems: FieldProblem[],
): RegistrationAnswers['fields'] {
  const asked = profile.fields.filter(({ collect }) => collect === 'registration');
  const permitted = (field: ProfileField): boolean => {
    const purpose = purposes.find(({ name }) => name === field.purpose);
    return purpose === undefined || purpose.basis === 'contract' || granted.has(field.purpose);
  };
  for (const name of Object.keys(typed)) {
    const pointer = `/profile/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!asked.some((field) => field.name === name)) problems.push({ pointer, detail: 'is not known here' });
  }
  const fields: Record<string, { value: FieldValue; purpose: string }> = {};
  for (const field of asked) {
    const pointer = `/profile/${field.name}`;
    if (!Object.hasOwn(typed, field.name)) {
      // Nobody can be made to give what may not be kept.
      if (field.required && permitted(field)) problems.push({ pointer, detail: 'is required' });
      continue;
    }
    if (!permitted(field)) {
      problems.push({ pointer, detail: `needs the consent ${field.purpose}` });
      continue;
    }
    const checked = checkField(field, typed[field.name], now);
    if (checked.ok) fields[field.name] = { value: checked.value, purpose: field.purpose };
    else problems.push({ pointer, detail: checked.allowed });
  }
  return fields;
}
