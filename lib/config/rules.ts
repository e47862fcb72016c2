import type { LocalizedText, ProfileField } from '../../lambdas/core/configuration.ts';
import { authenticationProblems } from './authentication-rules.ts';
import { brandProblems } from './brand-rules.ts';
import { clientRules } from './client-rules.ts';
import { languageProblems } from './language-rules.ts';
import { passkeyOrigins } from './passkeys.ts';
import { defaultPasswordLength } from './password-length.ts';
import { portalProblems } from './portal-rules.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import { providerProblems } from './provider-rules.ts';
import { type StageConfig, stageNames, type VestibuleConfig } from './types.ts';

type Key = string | number;
/** What depends on several values. `needs` are the parts that must have the right shape before `find` may look. */
export interface ConfigRule {
  readonly needs: readonly (keyof VestibuleConfig)[];
  find(config: VestibuleConfig): readonly ConfigProblem[];
}

const problem = (message: string, ...keys: readonly Key[]): ConfigProblem => ({
  path: pathOf(keys),
  message,
});

const duplicates = (values: readonly string[], ...root: readonly Key[]): ConfigProblem[] =>
  values.flatMap((value, index) =>
    values.indexOf(value) < index ? [problem(`"${value}" is listed twice`, ...root, index)] : [],
  );

function languageGaps(
  texts: LocalizedText,
  languages: readonly string[],
  ...root: readonly Key[]
): ConfigProblem[] {
  const missing = languages.filter((language) => !(language in texts));
  const unknown = Object.keys(texts).filter((language) => !languages.includes(language));
  return [
    ...missing.map((language) => problem('no text for this language', ...root, language)),
    ...unknown.map((language) => problem('not one of the configured languages', ...root, language)),
  ];
}

const texts: ConfigRule = {
  needs: ['languages', 'profile', 'purposes'],
  find: ({ languages, profile, purposes }) => [
    ...profile.fields.flatMap((field, index) =>
      languageGaps(field.label, languages, 'profile', 'fields', index, 'label'),
    ),
    ...profile.fields.flatMap(({ optionLabels = {} }, index) =>
      Object.entries(optionLabels).flatMap(([option, label]) =>
        languageGaps(label, languages, 'profile', 'fields', index, 'optionLabels', option),
      ),
    ),
    ...purposes.flatMap(({ label }, index) =>
      label ? languageGaps(label, languages, 'purposes', index, 'label') : [],
    ),
    ...purposes.flatMap((purpose, index) =>
      purpose.versions.flatMap((version, at) =>
        languageGaps(version.texts, languages, 'purposes', index, 'versions', at, 'texts'),
      ),
    ),
  ],
};

const names: ConfigRule = {
  needs: ['languages', 'profile', 'purposes', 'tiers'],
  find: ({ languages, profile, purposes, tiers }) => [
    ...duplicates(languages, 'languages'),
    ...duplicates(tiers, 'tiers'),
    ...duplicates(
      profile.fields.map((field) => field.name),
      'profile',
      'fields',
    ),
    ...duplicates(
      purposes.map((purpose) => purpose.name),
      'purposes',
    ),
    ...purposes.flatMap((purpose, index) =>
      duplicates(
        purpose.versions.map(({ version }) => version),
        'purposes',
        index,
        'versions',
      ),
    ),
  ],
};

/** A field without a purpose has no business being kept (GDPR 30: the record of processing follows from this list). */
const fieldPurposes: ConfigRule = {
  needs: ['profile', 'purposes'],
  find: ({ profile, purposes }) => {
    const known = purposes.map((purpose) => purpose.name);
    return profile.fields.flatMap((field, index) =>
      known.includes(field.purpose)
        ? []
        : [
            problem(
              `"${field.purpose}" is not a purpose; known: ${known.join(', ')}`,
              'profile',
              'fields',
              index,
              'purpose',
            ),
          ],
    );
  },
};

const fieldShapes: ConfigRule = {
  needs: ['profile'],
  find: ({ profile }) =>
    profile.fields.flatMap((field, index) => {
      const at = (message: string, key: string) => problem(message, 'profile', 'fields', index, key);
      const bounded = field.min !== undefined || field.max !== undefined;
      return [
        ...(field.type === 'choice' && !field.options ? [at('a choice needs its options', 'options')] : []),
        ...(field.type !== 'choice' && field.options ? [at('only a choice has options', 'options')] : []),
        ...optionLabelGaps(field, 'profile', 'fields', index, 'optionLabels'),
        ...(field.type !== 'text' && field.maxLength !== undefined
          ? [at('only a text has a length', 'maxLength')]
          : []),
        ...(field.type !== 'number' && bounded
          ? [at('only a number has bounds', field.min === undefined ? 'max' : 'min')]
          : []),
        ...((field.min ?? Number.NEGATIVE_INFINITY) > (field.max ?? Number.POSITIVE_INFINITY)
          ? [at('must not be above max', 'min')]
          : []),
        ...(field.required && field.collect !== 'registration'
          ? [at('only a field of the registration form can be required', 'required')]
          : []),
        ...(field.options ? duplicates(field.options, 'profile', 'fields', index, 'options') : []),
      ];
    }),
};

/** Labels for all options or for none: a list in two tongues helps nobody. */
function optionLabelGaps(
  { options = [], optionLabels }: ProfileField,
  ...root: readonly Key[]
): ConfigProblem[] {
  if (!optionLabels) return [];
  const labelled = Object.keys(optionLabels);
  return [
    ...options
      .filter((option) => !labelled.includes(option))
      .map((option) => problem('no label for this option', ...root, option)),
    ...labelled
      .filter((option) => !options.includes(option))
      .map((option) => problem('not one of the options', ...root, option)),
  ];
}

/** Required at registration is a term of use; a consent that cannot be refused is none (GDPR 7(4)). */
const freeConsent: ConfigRule = {
  needs: ['purposes'],
  find: ({ purposes }) => [
    ...purposes.flatMap((purpose, index) =>
      purpose.basis === 'consent' && purpose.requiredAtRegistration
        ? [
            problem(
              'a consent must be free: only a contract purpose can be required',
              'purposes',
              index,
              'requiredAtRegistration',
            ),
          ]
        : [],
    ),
  ],
};

const mailDomains: ConfigRule = {
  needs: ['mailDomains'],
  find: ({ mailDomains: { allow = [], deny = [] } = {} }) => [
    ...duplicates(allow, 'mailDomains', 'allow'),
    ...duplicates(deny, 'mailDomains', 'deny'),
    ...deny.flatMap((domain, index) =>
      allow.includes(domain) ? [problem(`"${domain}" is allowed too`, 'mailDomains', 'deny', index)] : [],
    ),
  ],
};

const passwordLengths: ConfigRule = {
  needs: ['password'],
  find: ({ password: { minLength = defaultPasswordLength, minLengthWithFactor = 8 } = {} }) =>
    minLengthWithFactor > minLength
      ? [problem(`must not be more than minLength (${minLength})`, 'password', 'minLengthWithFactor')]
      : [],
};

const plan: ConfigRule = {
  needs: ['plan', 'password'],
  find: ({ plan: chosen, password }) =>
    chosen === 'lite' && (password?.history ?? 0) > 0
      ? [problem('needs the plan essentials or plus', 'password', 'history')]
      : [],
};

const stages: ConfigRule = {
  needs: ['stages'],
  find: (config) => stageNames.flatMap((name) => stageProblems(config.stages[name], 'stages', name)),
};

function stageProblems(stage: StageConfig, ...root: readonly Key[]): ConfigProblem[] {
  const { lock = 'governance', lockDays = 365, deleteAfterDays = 1095 } = stage.archive ?? {};
  return [
    ...duplicates(stage.origins, ...root, 'origins'),
    ...(stage.passkeys && passkeyOrigins(stage).length === 0
      ? [problem('none of the origins is on this domain', ...root, 'passkeys', 'relyingPartyId')]
      : []),
    ...portalProblems(stage, root),
    ...(deleteAfterDays <= lockDays
      ? [problem(`must be more than lockDays (${lockDays})`, ...root, 'archive', 'deleteAfterDays')]
      : []),
    ...(lock === 'compliance' && stage.data === 'disposable'
      ? [problem('a disposable stage cannot hold events that nobody may delete', ...root, 'archive', 'lock')]
      : []),
  ];
}

const authentication: ConfigRule = {
  needs: ['authentication', 'clients'],
  find: authenticationProblems,
};

const brands: ConfigRule = {
  needs: ['brand', 'brands', 'clients', 'languages', 'stages'],
  find: brandProblems,
};

const languages: ConfigRule = { needs: ['languages'], find: languageProblems };

const providers: ConfigRule = { needs: ['providers', 'clients'], find: providerProblems };

export const configRules: readonly ConfigRule[] = [
  authentication,
  brands,
  languages,
  providers,
  names,
  texts,
  fieldPurposes,
  fieldShapes,
  freeConsent,
  mailDomains,
  passwordLengths,
  plan,
  stages,
  ...clientRules,
];
