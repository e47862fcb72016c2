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
  readonly InboundFederation?: { readonly LambdaArn: string; readonly LambdaVersion: string };
  readonly [trigger: string]: unknown;
}

/** What a choice-based sign-in may begin with. */
export type FirstFactor = 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

/** Second factors, by the names of their challenges. */
export type MfaMethod = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';

/** Either SNS or End User Messaging sends; which one makes no difference locally. */
export interface SmsConfiguration {
  readonly SnsCallerArn?: string;
  readonly ExternalId?: string;
  readonly SnsRegion?: string;
  readonly EumsSms?: Readonly<Record<string, unknown>>;
}

/** What SetUserPoolMfaConfig sets beside `MfaConfiguration`; an update of the pool leaves it alone. */
export interface PoolFactors {
  readonly mfa: readonly MfaMethod[];
  readonly emailMessage?: string;
  readonly emailSubject?: string;
  readonly webAuthn?: {
    readonly RelyingPartyId?: string;
    readonly UserVerification?: 'required' | 'preferred';
    readonly FactorConfiguration?: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION';
  };
}

/** Settings as AWS names them; members the engine does not read are kept and described back. */
export interface PoolSettings {
  readonly Policies?: {
    readonly PasswordPolicy?: PasswordPolicy;
    readonly SignInPolicy?: { readonly AllowedFirstAuthFactors?: readonly FirstFactor[] };
    readonly [other: string]: unknown;
  };
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
    readonly SmsMessage?: string;
    readonly DefaultEmailOption?: 'CONFIRM_WITH_CODE' | 'CONFIRM_WITH_LINK';
    readonly [other: string]: unknown;
  };
  readonly AdminCreateUserConfig?: {
    readonly AllowAdminCreateUserOnly?: boolean;
    readonly UnusedAccountValidityDays?: number;
    readonly InviteMessageTemplate?: {
      readonly EmailMessage?: string;
      readonly EmailSubject?: string;
      readonly SMSMessage?: string;
    };
  };
  readonly UserAttributeUpdateSettings?: {
    readonly AttributesRequireVerificationBeforeUpdate?: readonly string[];
  };
  readonly MfaConfiguration?: 'OFF' | 'ON' | 'OPTIONAL';
  readonly SmsConfiguration?: SmsConfiguration;
  readonly SmsVerificationMessage?: string;
  readonly SmsAuthenticationMessage?: string;
  readonly AccountRecoverySetting?: {
    readonly RecoveryMechanisms?: readonly { readonly Name: string; readonly Priority: number }[];
  };
  readonly DeviceConfiguration?: {
    readonly ChallengeRequiredOnNewDevice?: boolean;
    readonly DeviceOnlyRememberedOnUserPrompt?: boolean;
  };
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
  readonly factors?: PoolFactors;
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
  /** Oldest first, `secret` among them; absent as long as there was one only. */
  readonly secrets?: readonly ClientSecret[];
  readonly settings: ClientSettings;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ClientSecret {
  readonly value: string;
  readonly createdAt: number;
}

export type UserStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'RESET_REQUIRED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'EXTERNAL_PROVIDER';

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
  readonly identities?: readonly LinkedIdentity[];
  readonly mfa?: UserMfa;
  readonly softwareToken?: SoftwareToken;
  readonly passkeys?: readonly Passkey[];
  /** The registration that was started last and not completed. */
  readonly passkeyRegistration?: PasskeyRegistration;
  /** By device key. */
  readonly devices?: Readonly<Record<string, Device>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a user chose among the pool's second factors. */
export interface UserMfa {
  readonly enabled: readonly MfaMethod[];
  readonly preferred?: MfaMethod;
  /** Whether a passkey with user verification counts as both factors. */
  readonly webAuthn?: boolean;
}

/** An authenticator app (RFC 6238). Secrets are base32. */
export interface SoftwareToken {
  readonly secret?: string;
  readonly name?: string;
  /** Handed out and not proven yet. */
  readonly unproven?: string;
  /** Time steps whose code was used, newest last, as many as can still be valid. */
  readonly spentSteps: readonly number[];
}

export interface Passkey {
  /** Base64url, as the authenticator reports it. */
  readonly id: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly attachment?: string;
  readonly relyingPartyId: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface PasskeyRegistration {
  readonly challenge: string;
  readonly clientId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A device that was confirmed. Verifier and salt are SRP's, hexadecimal. */
export interface Device {
  readonly groupKey: string;
  readonly verifier: PasswordVerifier;
  readonly name?: string;
  readonly remembered: boolean;
  readonly lastIp: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastUsedAt: number;
}

export type IdentityProviderType =
  | 'SAML'
  | 'Facebook'
  | 'Google'
  | 'LoginWithAmazon'
  | 'SignInWithApple'
  | 'OIDC';

/** Another service that people of a pool may sign in with. */
export interface IdentityProvider {
  readonly poolId: string;
  readonly name: string;
  readonly type: IdentityProviderType;
  readonly details: Readonly<Record<string, string>>;
  /** Attribute of the pool → claim or assertion attribute of the provider. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  readonly identifiers: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A provider's account that signs in as this user. */
export interface LinkedIdentity {
  readonly providerName: string;
  readonly providerType: IdentityProviderType;
  /** The provider's own id of the person; for a link by another attribute, that attribute's value until it was used. */
  readonly userId: string;
  /** Attribute of the pool that the link goes by, until a sign-in has shown the provider's own id. */
  readonly byAttribute?: string;
  /** The user came into being with it. */
  readonly primary: boolean;
  /** Epoch milliseconds. */
  readonly linkedAt: number;
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

/** What the OAuth endpoints granted. */
export interface OAuthGrant {
  /** As asked for, before the token generation trigger, which runs again at every refresh. */
  readonly scopes: readonly string[];
  /** Audience of the access tokens (RFC 8707). */
  readonly resource?: string;
}

/** One sign-in with everything refreshed from it; its id is the tokens' `origin_jti`. */
export interface TokenFamily {
  readonly id: string;
  readonly poolId: string;
  readonly sub: string;
  readonly clientId: string;
  readonly eventId: string;
  /** Of a sign-in through the OAuth endpoints. */
  readonly grant?: OAuthGrant;
  /** With device tracking: the device these tokens were issued to. */
  readonly deviceKey?: string;
  /** Newest sign-in or refresh, in a pool that tracks sessions; epoch milliseconds. */
  readonly activity?: { readonly at: number; readonly ip: string };
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
