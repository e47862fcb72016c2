import type { AnswerOf, BodyOf, IdentityProblem } from '../../../client/index.ts';

export type Demand = NonNullable<IdentityProblem['stepUp']>;
export type ChallengeMethod = NonNullable<BodyOf<'POST /v1/me/step-up'>['method']>;
/** By what a person proves that it is them; a mailed link would open in another place than the dialog. */
export type Way = 'password' | 'provider' | Exclude<ChallengeMethod, 'magic-link'>;

type Session = AnswerOf<'GET /v1/me/sessions'>['sessions'][number];
type Factors = AnswerOf<'GET /v1/me/factors'>;

export interface ProofFacts {
  /** Of the session that asks: what it has proven. */
  readonly session: Pick<Session, 'methods' | 'level'>;
  readonly factors: Pick<Factors, 'passkeys' | 'totp' | 'phone' | 'recoveryCodes'>;
  /** Of whoever came from a provider: it proves again who they are, as they have no password here. */
  readonly provider?: string;
}

const beside: readonly string[] = ['passkey', 'totp', 'sms-code', 'recovery-code'];

/** As the API counts it (docs/sessions.md): a passkey alone, or a password with one more factor; mail adds nothing. */
const levelOf = (methods: readonly string[]): 1 | 2 =>
  methods.includes('passkey') ||
  (methods.includes('password') && beside.some((method) => methods.includes(method)))
    ? 2
    : 1;

/** Once level 2 is over, the factors behind it are to be proven again. */
const standing = ({ methods, level }: ProofFacts['session']): readonly string[] =>
  levelOf(methods) > level ? methods.filter((method) => levelOf(['password', method]) === 1) : methods;

/**
 * The ways to answer a demand, best first. Where no single one is enough, those that bring it nearer: after the first the
 * API says what the session has then, and the dialog asks once more.
 */
export function waysTo({ level }: Pick<Demand, 'level'>, { session, factors, provider }: ProofFacts): Way[] {
  const { passkeys, totp, phone, recoveryCodes } = factors;
  const hasFactor = passkeys.length > 0 || totp !== undefined || phone !== undefined;
  const all: Way[] = [
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(totp ? (['totp'] as const) : []),
    ...(phone ? (['sms-code'] as const) : []),
    provider === undefined ? 'password' : 'provider',
    // Who has a further factor is not asked for a mailed code instead; codes stand beside a password.
    ...(hasFactor || provider !== undefined ? [] : (['email-code'] as const)),
    ...(recoveryCodes && recoveryCodes.left > 0 ? (['recovery-code'] as const) : []),
  ];
  const before = standing(session);
  const enough = all.filter((way) => levelOf([...before, way]) >= level);
  if (enough.length > 0) return enough;
  return all.filter((way) => !before.includes(way) && way !== 'email-code');
}

const order: readonly Way[] = [
  'passkey',
  'totp',
  'sms-code',
  'password',
  'provider',
  'email-code',
  'recovery-code',
];

/** What would do instead: what the API says once it has asked, and the password or the provider where it is one of the ways. */
export function otherWays(
  ways: readonly Way[],
  now: Way | undefined,
  offered: readonly ChallengeMethod[] | undefined,
): Way[] {
  const isOffered = (way: Way) =>
    way === 'password' || way === 'provider' || !offered ? ways.includes(way) : offered.includes(way);
  return order.filter((way) => way !== now && isOffered(way));
}
