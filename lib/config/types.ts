import type {
  ConsentPurpose,
  LocalizedText,
  ProfileField,
  PromptingPolicy,
} from '../../lambdas/core/configuration.ts';
import type { AuthenticationConfig } from './authentication.ts';
import type { BrandConfig, DefaultBrandConfig } from './brands.ts';
import type { ApiConfig, ClientConfig, ManagedLoginConfig } from './clients.ts';
import type { PasskeyConfig } from './passkeys.ts';
import type { PortalConfig } from './portal.ts';
import type { ProviderConfig } from './providers.ts';

/** Deployable stages. The local cloud runs the template of `dev`. */
export const stageNames = ['dev', 'prod'] as const;
export type StageName = (typeof stageNames)[number];

/** Everything structural about one installation; what operators tune at run time is a stack parameter instead. */
export interface VestibuleConfig {
  /** The brand of everything that no other one claims. */
  readonly brand: DefaultBrandConfig;
  /** Further ones on the same accounts (docs/brands.md). @default none */
  readonly brands?: readonly BrandConfig[];
  /** Cognito feature plan. `lite` has no access-token claims and no refresh rotation. @default 'essentials' */
  readonly plan?: UserPoolPlan;
  /** BCP 47 tags, the first is the default. Every text needs an entry for each. */
  readonly languages: readonly string[];
  readonly mail: MailConfig;
  readonly mailDomains?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  readonly password?: PasswordConfig;
  readonly profile: {
    readonly fields: readonly ProfileField[];
    /** @default 2 questions per visit, 24 h cool-down, 30 days after a skip, never after 3 skips */
    readonly prompting?: Partial<PromptingPolicy>;
  };
  readonly purposes: readonly PurposeConfig[];
  /** Tiers in rising order; the first is everybody's. */
  readonly tiers: readonly string[];
  /** Which methods may, must or must not be used (docs/methods). @default - all of them, mail and SMS for convenience */
  readonly authentication?: AuthenticationConfig;
  /** Apps and machines beside the built-in `web` and `server`. @default none */
  readonly clients?: readonly ClientConfig[];
  /** Own APIs whose scopes clients may ask for. @default none */
  readonly apis?: readonly ApiConfig[];
  /** For people of another system: `vestibule import` and their first sign-in (docs/migration.md). @default not enabled */
  readonly migration?: MigrationConfig;
  /** Services that people may sign in with beside their own account here. @default none */
  readonly providers?: readonly ProviderConfig[];
  readonly stages: Readonly<Record<StageName, StageConfig>>;
}

export interface MigrationConfig {
  readonly enabled: boolean;
  /** Asked about people who were not imported. @default - nobody is asked */
  readonly legacyEndpoint?: {
    /** `https`; `http` only on the developer's own machine. */
    readonly url: string;
    /** Existing secret in Secrets Manager, `{ "key": "<at least 32 characters>" }`: signs what we ask. */
    readonly secretName: string;
    /** 100 to 2,500. @default 1500 */
    readonly timeoutMs?: number;
  };
}

export type UserPoolPlan = 'lite' | 'essentials' | 'plus';

export interface MailConfig {
  /** Address that every mail comes from. */
  readonly from: string;
  readonly replyTo?: string;
  /**
   * Which SES identity stands for it, verified before the first deployment: its `domain` (three DNS records), or the
   * `address` alone (a link in a mail; for a first try). @default 'domain'
   */
  readonly identity?: 'domain' | 'address';
}

export interface PasswordConfig {
  /** Characters of a password that stands alone, 8 to 99. NIST SP 800-63B-4 wants 15. @default 15 */
  readonly minLength?: number;
  /**
   * Characters beside an enrolled further factor, 8 to `minLength`. The pool's own rule is the lower of both, so that
   * below `minLength` its own doors (SDK, managed login) take passwords of this length from everybody.
   * @default minLength
   */
  readonly minLengthWithFactor?: number;
  /**
   * A list of compromised passwords elsewhere, beside the one that is shipped: a URL that takes the first five hex
   * digits of a SHA-1 at its end and answers as Have I Been Pwned does. When it fails, the shipped list decides.
   * @default - nothing leaves the function
   */
  readonly rangeQuery?: { readonly url: string };
  /** Former passwords that may not come back, 0 to 24; needs Essentials. @default 0 */
  readonly history?: number;
}

/** A purpose as written by people; the hashes of its texts are computed at synth. */
export type PurposeConfig = Omit<ConsentPurpose, 'versions'> & {
  /** Newest first. */
  readonly versions: readonly {
    readonly version: string;
    readonly material: boolean;
    readonly texts: LocalizedText;
  }[];
};

export interface StageConfig {
  /** Without account and region the template can be deployed anywhere. */
  readonly account?: string;
  readonly region?: string;
  /** Origins of the web apps, exact (`https://shop.example`). `http` is for localhost only. */
  readonly origins: readonly string[];
  /** Pages for customers and operators; links in mails lead there. @default - deployed, at a name of CloudFront's */
  readonly portal?: PortalConfig;
  /** The pool's own sign-in pages, for the clients with that door. @default - none, and no domain */
  readonly managedLogin?: ManagedLoginConfig;
  /** Texts by AWS End User Messaging. @default - none: phones cannot be enrolled */
  readonly sms?: SmsConfig;
  /**
   * `retain`: pool, tables, keys, secrets and archive outlive the stack and are protected from deletion.
   * `disposable`: they go with it (only for stages without real customers). @default 'retain'
   */
  readonly data?: 'retain' | 'disposable';
  readonly passkeys?: PasskeyConfig;
  readonly archive?: ArchiveConfig;
  /** Bot Control of AWS WAF, at extra cost. @default 'off' */
  readonly botControl?: 'off' | 'common' | 'targeted';
  /** Absolute lifetime of a session in days, 1 to 3650. @default 30 */
  readonly sessionDays?: number;
  /**
   * API Gateway may write access logs only with one role per account and Region.
   * `existing`: another stack owns that setting. @default 'create'
   */
  readonly apiGatewayLogRole?: 'create' | 'existing';
}

export interface ArchiveConfig {
  /** `compliance`: nobody can delete an event before its time, not even the account's root. @default 'governance' */
  readonly lock?: 'governance' | 'compliance';
  /** Days an archived event is locked, 1 to 3650. @default 365 */
  readonly lockDays?: number;
  /** Days after which an archived event is deleted; more than `lockDays`. @default 1095 */
  readonly deleteAfterDays?: number;
}

/** SMS is a restricted method (NIST SP 800-63B-4): convenient, dear, and what toll fraud lives on. */
export interface SmsConfig {
  /** A pool (`pool-…`), a phone number (`phone-…`) or a sender id (up to 11 letters and digits) of this account and Region. */
  readonly originationIdentity: string;
  /** Countries whose numbers get texts, ISO 3166-1 alpha-2. The shorter the list, the less there is to defraud. */
  readonly countries: readonly string[];
  readonly configurationSet?: string;
}
