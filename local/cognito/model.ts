/** The records of the engine as they lie in the store: plain JSON, replaced and never mutated. */

export interface SchemaAttribute {
  readonly Name: string;
  readonly AttributeDataType?: 'String' | 'Number' | 'DateTime' | 'Boolean';
  readonly DeveloperOnlyAttribute?: boolean;
  readonly Mutable?: boolean;
  readonly Required?: boolean;
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string };
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string };
}

export interface PasswordPolicy {
  readonly MinimumLength?: number;
  readonly RequireUppercase?: boolean;
  readonly RequireLowercase?: boolean;
  readonly RequireNumbers?: boolean;
  readonly RequireSymbols?: boolean;
  readonly TemporaryPasswordValidityDays?: number;
  readonly PasswordHistorySize?: number;
}

export interface LambdaConfig {
  readonly PreSignUp?: string;
  readonly PostConfirmation?: string;
  readonly PreAuthentication?: string;
  readonly PostAuthentication?: string;
  readonly CustomMessage?: string;
  readonly DefineAuthChallenge?: string;
  readonly CreateAuthChallenge?: string;
  readonly VerifyAuthChallengeResponse?: string;
  readonly PreTokenGeneration?: string;
  readonly PreTokenGenerationConfig?: { readonly LambdaArn: string; readonly LambdaVersion: string };
  readonly UserMigration?: string;
  readonly [trigger: string]: unknown;
}

/** Settings as AWS names them; members the engine does not read are kept and described back. */
export interface PoolSettings {
  readonly Policies?: { readonly PasswordPolicy?: PasswordPolicy; readonly [other: string]: unknown };
  readonly AliasAttributes?: readonly string[];
  readonly UsernameAttributes?: readonly string[];
  readonly UsernameConfiguration?: { readonly CaseSensitive: boolean };
  readonly AutoVerifiedAttributes?: readonly string[];
  readonly LambdaConfig?: LambdaConfig;
  readonly EmailConfiguration?: {
    readonly EmailSendingAccount?: 'COGNITO_DEFAULT' | 'DEVELOPER';
    readonly From?: string;
    readonly SourceArn?: string;
    readonly ReplyToEmailAddress?: string;
    readonly ConfigurationSet?: string;
  };
  readonly EmailVerificationMessage?: string;
  readonly EmailVerificationSubject?: string;
  readonly VerificationMessageTemplate?: {
    readonly EmailMessage?: string;
    readonly EmailSubject?: string;
    readonly DefaultEmailOption?: 'CONFIRM_WITH_CODE' | 'CONFIRM_WITH_LINK';
    readonly [other: string]: unknown;
  };
  readonly AdminCreateUserConfig?: {
    readonly AllowAdminCreateUserOnly?: boolean;
    readonly UnusedAccountValidityDays?: number;
    readonly InviteMessageTemplate?: { readonly EmailMessage?: string; readonly EmailSubject?: string };
  };
  readonly UserAttributeUpdateSettings?: {
    readonly AttributesRequireVerificationBeforeUpdate?: readonly string[];
  };
  readonly MfaConfiguration?: 'OFF' | 'ON' | 'OPTIONAL';
  readonly DeletionProtection?: 'ACTIVE' | 'INACTIVE';
  readonly UserPoolTier?: 'LITE' | 'ESSENTIALS' | 'PLUS';
  readonly [other: string]: unknown;
}

export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly settings: PoolSettings;
  /** Custom attributes can be added, never removed: they live outside the settings that an update replaces. */
  readonly schema: readonly SchemaAttribute[];
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ClientSettings {
  readonly ExplicitAuthFlows?: readonly string[];
  readonly PreventUserExistenceErrors?: 'ENABLED' | 'LEGACY';
  readonly ReadAttributes?: readonly string[];
  readonly WriteAttributes?: readonly string[];
  readonly AccessTokenValidity?: number;
  readonly IdTokenValidity?: number;
  readonly RefreshTokenValidity?: number;
  readonly TokenValidityUnits?: Readonly<
    Partial<Record<'AccessToken' | 'IdToken' | 'RefreshToken', TimeUnit>>
  >;
  /** Minutes. */
  readonly AuthSessionValidity?: number;
  readonly EnableTokenRevocation?: boolean;
  readonly RefreshTokenRotation?: {
    readonly Feature: 'ENABLED' | 'DISABLED';
    readonly RetryGracePeriodSeconds?: number;
  };
  readonly [other: string]: unknown;
}

export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly secret?: string;
  readonly settings: ClientSettings;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'RESET_REQUIRED' | 'FORCE_CHANGE_PASSWORD';

/** SRP's verifier and its salt, hexadecimal; the password itself is never stored. */
export interface PasswordVerifier {
  readonly salt: string;
  readonly verifier: string;
}

export type CodePurpose = 'sign-up' | 'forgot-password' | `verify:${string}`;

export interface IssuedCode {
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The address it went to: proving the code proves this address and no later one. */
  readonly destination: string;
  readonly attribute: string;
}

export interface User {
  readonly sub: string;
  readonly username: string;
  readonly poolId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: UserStatus;
  readonly enabled: boolean;
  readonly groups: readonly string[];
  readonly password?: PasswordVerifier;
  /** Newest first, as many as the pool's password history asks for. */
  readonly passwordHistory?: readonly PasswordVerifier[];
  /** End of a temporary password, epoch milliseconds. */
  readonly temporaryUntil?: number;
  readonly codes: Readonly<Partial<Record<CodePurpose, IssuedCode>>>;
  /** New values of attributes that keep their original until the new one is verified. */
  readonly pending: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Group {
  readonly poolId: string;
  readonly name: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly precedence?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ResourceServer {
  readonly poolId: string;
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly { readonly ScopeName: string; readonly ScopeDescription: string }[];
}

export interface Domain {
  readonly domain: string;
  readonly poolId: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One sign-in with everything refreshed from it; its id is the tokens' `origin_jti`. */
export interface TokenFamily {
  readonly id: string;
  readonly poolId: string;
  readonly sub: string;
  readonly clientId: string;
  readonly eventId: string;
  /** Epoch seconds. */
  readonly authTime: number;
  /** Epoch milliseconds; rotation keeps it. */
  readonly expiresAt: number;
  readonly revoked: boolean;
  /** Number of the newest refresh token. */
  readonly newest: number;
  /** Tokens below this number are spent and beyond any grace period. */
  readonly spentBelow: number;
  /** Spent tokens at or above `spentBelow`, with the time (epoch milliseconds) of their first use. */
  readonly spentAt: Readonly<Record<string, number>>;
}
