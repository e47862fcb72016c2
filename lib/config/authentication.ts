import type {
  AuthenticationPolicy,
  ChallengeMethod,
  Method,
  MethodPolicy,
  MethodProfile,
  MethodRule,
  PasswordlessMethod,
  RiskBand,
} from '../../lambdas/core/configuration.ts';

/** Which methods may, must or must not be used. */
export interface MethodPolicyConfig {
  /** `nist-aal2` takes neither e-mail nor SMS (NIST SP 800-63B-4). @default 'default' */
  readonly profile?: MethodProfile;
  /** `required`: every sign-in proves one of the required methods; who has none of them is refused. @default - all optional */
  readonly methods?: Readonly<Partial<Record<Method, MethodRule>>>;
  /** What can stand in place of the password. @default passkey and magic-link */
  readonly passwordless?: readonly PasswordlessMethod[];
  /** Methods that pass a challenge at this risk. @default - every method that the person has */
  readonly bands?: Readonly<Partial<Record<RiskBand, readonly ChallengeMethod[]>>>;
  /** Methods that are taken for level 2. @default - all that reach it: passkey, totp, sms-code, recovery-code */
  readonly levels?: { readonly 2?: readonly ChallengeMethod[] };
}

export interface AuthenticationConfig extends MethodPolicyConfig {
  /** In place of all of the above, by name of the app client; what it leaves out is as above. @default none */
  readonly clients?: Readonly<Record<string, MethodPolicyConfig>>;
  /** Operators need a method that cannot be phished (a passkey); without one their tokens have no operator scopes. */
  readonly groups?: { readonly operators?: { readonly require: 'phishing-resistant' } };
}

export const level2Methods = ['passkey', 'totp', 'sms-code', 'recovery-code'] as const;
const defaultPasswordless: readonly PasswordlessMethod[] = ['passkey', 'magic-link'];

/** With every default filled in, so that a function reads what is in force and nothing else. */
export function compileAuthentication(config: AuthenticationConfig = {}): AuthenticationPolicy {
  const { clients = {}, groups: _groups, ...common } = config;
  return {
    base: policyOf(common),
    clients: Object.fromEntries(
      Object.entries(clients).map(([name, own]) => [name, policyOf({ ...common, ...own })]),
    ),
    groups: { operators: { require: 'phishing-resistant' } },
  };
}

const policyOf = ({
  profile = 'default',
  methods = {},
  passwordless = defaultPasswordless,
  bands = {},
  levels = {},
}: MethodPolicyConfig): MethodPolicy => ({
  profile,
  methods,
  passwordless,
  bands,
  level2: levels[2] ?? level2Methods,
});
