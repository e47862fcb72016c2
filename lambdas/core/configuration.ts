import type { MethodPolicy } from './risk/method-policy.ts';

/** The words of {@link AuthenticationPolicy}, for who writes and checks a configuration. */
export { type ChallengeMethod, challengeMethods, type Method, methods } from './risk/decision.ts';
export {
  isBanned,
  type MethodPolicy,
  type MethodProfile,
  type MethodRule,
  methodProfiles,
  methodRules,
  type PasswordlessMethod,
  passwordlessMethods,
  type RiskBand,
  riskBands,
} from './risk/method-policy.ts';

/**
 * What `vestibule.config.ts` becomes for the functions: plain JSON, resolved and validated at synth, written as
 * `config.json` beside each function's bundle. Values an operator tunes per stage are not here; they are
 * CloudFormation parameters and arrive as environment values.
 */
export interface ServiceConfiguration {
  readonly stage: string;
  /** What speaks where nothing says which brand it is. */
  readonly brand: Brand;
  /** All of them, the default first. @default - `brand` alone */
  readonly brands?: readonly ConfiguredBrand[];
  /** BCP 47 tags, first is the default. Every text below has an entry for each. */
  readonly languages: readonly string[];
  readonly mail: { readonly from: string; readonly replyTo?: string };
  readonly mailDomains: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly password: {
    readonly minLength: number;
    /** Beside an enrolled further factor. @default minLength */
    readonly minLengthWithFactor?: number;
    /** A list elsewhere, asked by a prefix of the hash. @default only the list that is shipped */
    readonly rangeQuery?: { readonly url: string };
  };
  readonly profile: { readonly fields: readonly ProfileField[]; readonly prompting: PromptingPolicy };
  readonly purposes: readonly ConsentPurpose[];
  /** Tiers in rising order; group `tier-<name>` in the pool. The first is the default. */
  readonly tiers: readonly string[];
  readonly providers: readonly ProviderRule[];
  /** Origins that browsers may call the Identity API from (CORS), the portal's own included; exact match. */
  readonly origins: readonly string[];
  /** There when people of another system are expected. */
  readonly migration?: { readonly legacyEndpoint?: LegacyEndpoint };
  /** Where links in mails lead; a secret in such a link is behind its `#`. No slash at the end. Known at deployment. */
  readonly portalUrl: string;
  readonly authentication: AuthenticationPolicy;
  /** There when texts are sent. */
  readonly sms?: SmsRule;
}

/** What is written beside the bundles. */
export type DeployedConfiguration = Omit<ServiceConfiguration, 'portalUrl'>;

/** What mails and texts say and look like under one brand. */
export interface Brand {
  readonly name: string;
  readonly supportUrl?: string;
  readonly mail?: BrandMail;
  /** @default - the colours of the portal */
  readonly look?: BrandLook;
}

export interface ConfiguredBrand extends Brand {
  readonly id: string;
  /** Names of its app clients. */
  readonly clients: readonly string[];
}

/** Mails that we send; those of Cognito's own codes come from the pool's address, which is one for all brands. */
export interface BrandMail {
  readonly from?: string;
  readonly replyTo?: string;
  /** At the end of every mail, in place of the brand's name. */
  readonly signature?: LocalizedText;
}

/** Resolved colours (`#rrggbb`), by the names of the portal's custom properties without `--`. */
export interface BrandLook {
  readonly light: Readonly<Record<LookColour, string>>;
  readonly dark: Readonly<Record<LookColour, string>>;
  /** CSS lengths and font stack. */
  readonly radius: string;
  readonly font: string;
}

export const lookColours = [
  'brand',
  'on-brand',
  'background',
  'surface',
  'text',
  'muted',
  'line',
  'danger',
  'done',
  'warning',
] as const;
export type LookColour = (typeof lookColours)[number];

export interface SmsRule {
  /** Pool, phone number or sender id that texts come from. */
  readonly originationIdentity: string;
  /** ISO 3166-1 alpha-2; numbers of other countries get no texts. */
  readonly countries: readonly string[];
  readonly configurationSet?: string;
}

/** Which methods may, must or must not be used; every default filled in. */
export interface AuthenticationPolicy {
  readonly base: MethodPolicy;
  /** By name of the app client, in place of `base`. */
  readonly clients: Readonly<Record<string, MethodPolicy>>;
  readonly groups: { readonly operators: { readonly require: 'phishing-resistant' } };
}

/** The other system, asked about people who were not imported. */
export interface LegacyEndpoint {
  readonly url: string;
  readonly timeoutMs: number;
}

export interface ProviderRule {
  /** Cognito's name of the provider. */
  readonly name: string;
  /** Whether an address that the provider calls verified is taken for proven. */
  readonly trustsEmail: boolean;
  /** The provider's names for the address and, where it is trusted, for having verified it. */
  readonly emailClaim: string;
  readonly verifiedClaim?: string;
}

/** Mapped to `email_verified` for every provider; said by the inbound federation trigger alone. */
export const verifiedClaim = 'vestibule_email_verified';

export type LocalizedText = Readonly<Record<string, string>>;

export interface ProfileField {
  readonly name: string;
  readonly type: 'text' | 'choice' | 'date' | 'boolean' | 'number';
  readonly label: LocalizedText;
  /** For `choice`. */
  readonly options?: readonly string[];
  /** How an option is shown. @default - the option itself */
  readonly optionLabels?: Readonly<Record<string, LocalizedText>>;
  /** For `text`: characters (default 256). For `number`: inclusive bounds. */
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Why this field is kept. A field whose purpose needs consent is only asked, stored and returned when granted. */
  readonly purpose: string;
  /** Asked in the registration form, later by a prompt, or only ever written by its owner in the profile page. */
  readonly collect: 'registration' | 'prompt' | 'profile';
  readonly required?: boolean;
  /** Prompts with a higher weight come first and count more towards completeness. 1 to 100. */
  readonly weight: number;
}

export interface PromptingPolicy {
  /** Questions per visit at the most. */
  readonly perVisit: number;
  /** Hours between two visits that are asked something. */
  readonly coolDownHours: number;
  /** Days after which a skipped question may be asked again. */
  readonly skipDays: number;
  /** Skips after which a question is never asked again. */
  readonly maxSkips: number;
}

export interface ConsentPurpose {
  readonly name: string;
  /** In a word or two, for lists and headings. @default - `name` */
  readonly label?: LocalizedText;
  /** `contract` purposes need no consent and cannot be withdrawn here; `consent` purposes follow the ledger. */
  readonly basis: 'consent' | 'contract';
  /** Must be granted to register (terms of use). */
  readonly requiredAtRegistration: boolean;
  /** Newest first. A `material` version is not covered by an answer to an older one. */
  readonly versions: readonly ConsentTextVersion[];
}

export interface ConsentTextVersion {
  readonly version: string;
  readonly material: boolean;
  readonly texts: LocalizedText;
  /** SHA-256 (lower-case hex) of the UTF-8 text as shown, per language. Computed at synth. */
  readonly textHashes: LocalizedText;
}
