import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { ManagedLoginConfig } from '../config/clients.ts';
import { poolPasswordLength } from '../config/password-length.ts';
import type { StageConfig, UserPoolPlan, VestibuleConfig } from '../config/types.ts';
import { acknowledge } from '../rules/acknowledge.ts';
import type { MailIdentity } from './mail-identity.ts';

export interface UserDirectoryProps {
  readonly config: VestibuleConfig;
  readonly stage: StageConfig;
  /** Of the installation. */
  readonly name: string;
  readonly mail: MailIdentity;
  readonly retain: boolean;
}

const plans: Record<UserPoolPlan, cognito.FeaturePlan> = {
  lite: cognito.FeaturePlan.LITE,
  essentials: cognito.FeaturePlan.ESSENTIALS,
  plus: cognito.FeaturePlan.PLUS,
};

/**
 * The user pool. Its schema is minimal on purpose: pool attributes can never be changed again and are written at
 * 25 requests per second at the most, so everything else about a person lives in the Profiles table.
 * Sign-in by e-mail and case-insensitivity are for ever too; a change needs a new pool.
 */
export class UserDirectory extends Construct {
  readonly pool: cognito.UserPool;
  readonly plan: UserPoolPlan;

  constructor(scope: Construct, id: string, { config, stage, name, mail, retain }: UserDirectoryProps) {
    super(scope, id);
    this.plan = config.plan ?? 'essentials';
    this.pool = new cognito.UserPool(this, 'UserPool', {
      userPoolName: name,
      featurePlan: plans[this.plan],
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // The old address stays in force until the new one is proven.
      keepOriginal: { email: true },
      standardAttributes: {
        email: { required: true, mutable: true },
        fullname: { required: false, mutable: true },
        locale: { required: false, mutable: true },
        phoneNumber: { required: false, mutable: true },
      },
      passwordPolicy: passwordPolicy(config),
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      // Also for the sign-in pages: a person with native MFA is confined to passwords there, and after it Cognito may give
      // tokens in CUSTOM_AUTH without asking Define again.
      mfa: cognito.Mfa.OFF,
      ...signInPages(stage),
      email: mail.poolEmail,
      userVerification: { emailStyle: cognito.VerificationEmailStyle.CODE },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.pool, {
      'AwsSolutions-COG1':
        'NIST SP 800-63B-4 and OWASP ASVS 6.2 forbid composition rules; length is required instead.',
      'AwsSolutions-COG2':
        'Native MFA confines people to password flows. The risk decision asks for a further factor by a custom challenge.',
      'AwsSolutions-COG8':
        'The plan is configuration. Threat protection of the Plus plan does not see custom authentication; the risk decision does.',
    });
  }
}

/** What the pool's own pages offer as the first factor; only clients with USER_AUTH, theirs, can use it. */
function signInPages({
  managedLogin,
  passkeys,
}: StageConfig): Pick<
  cognito.UserPoolProps,
  'signInPolicy' | 'passkeyUserVerification' | 'passkeyRelyingPartyId'
> {
  if (!managedLogin) return {};
  const methods = managedLogin.methods ?? ['passkey'];
  return {
    signInPolicy: {
      allowedFirstAuthFactors: {
        password: true,
        passkey: methods.includes('passkey'),
        emailOtp: methods.includes('email-code'),
      },
    },
    // A passkey stands alone there, so the person has to be verified and not just present.
    ...(methods.includes('passkey') && { passkeyUserVerification: cognito.PasskeyUserVerification.REQUIRED }),
    ...relyingParty(managedLogin, passkeys?.relyingPartyId),
  };
}

/** The installation's own where the pages lie below it; a prefix domain is AWS's and can only be its own relying party. */
function relyingParty(
  managedLogin: ManagedLoginConfig,
  own: string | undefined,
): Pick<cognito.UserPoolProps, 'passkeyRelyingPartyId'> {
  const host = 'customDomain' in managedLogin ? managedLogin.customDomain.name : undefined;
  const isAbove = own !== undefined && (host === own || host?.endsWith(`.${own}`));
  return isAbove ? { passkeyRelyingPartyId: own } : {};
}

/** Length only. Cognito keeps at most 99 as the minimum and 256 as the maximum. */
function passwordPolicy({ password, plan }: VestibuleConfig): cognito.PasswordPolicy {
  const history = password?.history ?? 0;
  return {
    minLength: poolPasswordLength(password),
    requireLowercase: false,
    requireUppercase: false,
    requireDigits: false,
    requireSymbols: false,
    tempPasswordValidity: Duration.days(3),
    ...(plan !== 'lite' && history > 0 && { passwordHistorySize: history }),
  };
}
