import type { AnswerOf } from '../../../../client/index.ts';

export type Consent = AnswerOf<'GET /v1/me/consents'>['consents'][number];
export type ActivityEvent = AnswerOf<'GET /v1/me/activity'>['events'][number];
export type Factors = AnswerOf<'GET /v1/me/factors'>;
type Session = AnswerOf<'GET /v1/me/sessions'>['sessions'][number];

/** What the overview asks its owner to look at, with what it is about. */
export type Attention =
  | { readonly kind: 'recovery'; readonly readyAt: string }
  | { readonly kind: 'sign-in'; readonly event: ActivityEvent }
  | { readonly kind: 'terms' | 'consent'; readonly consent: Consent }
  | { readonly kind: 'first-factor' }
  | { readonly kind: 'recovery-codes'; readonly left: number };

export interface AccountFacts {
  readonly consents: readonly Consent[];
  readonly factors: Factors;
  /** Newest first. */
  readonly events: readonly ActivityEvent[];
  readonly sessions: readonly Pick<Session, 'current' | 'startedAt' | 'device'>[];
  /** Events that the person has called their own. */
  readonly known: readonly string[];
  /** Whether this browser could make one. */
  readonly canUsePasskeys: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** With fewer it is time for new ones. */
export const fewRecoveryCodes = 3;
/** Days for which an unfamiliar sign-in is shown. */
const unfamiliarDays = 7;
const dayMs = 86_400_000;

/** Most urgent first. */
export function attentionOf(facts: AccountFacts): readonly Attention[] {
  return [
    ...recoveryUnderWay(facts),
    ...unfamiliarSignIn(facts),
    ...textsToAnswer(facts),
    ...factorsToAdd(facts),
  ];
}

const recoveryEvents = ['recovery.requested', 'recovery.cancelled', 'recovery.completed'];

function recoveryUnderWay({ events, now }: AccountFacts): Attention[] {
  const last = events.find(({ type }) => recoveryEvents.includes(type));
  const { readyAt, expiresAt } = last?.data ?? {};
  if (last?.type !== 'recovery.requested' || typeof readyAt !== 'string') return [];
  return typeof expiresAt === 'string' && Date.parse(expiresAt) > now ? [{ kind: 'recovery', readyAt }] : [];
}

/** The newest sign-in on a new device that is neither this session nor the very first one of the account. */
function unfamiliarSignIn({ events, sessions, known, now }: AccountFacts): Attention[] {
  const here = sessions.find(({ current }) => current)?.startedAt;
  const first = events.findLast(({ type }) => type === 'sign-in.succeeded');
  const isAccountNew = events.some(({ type }) => type === 'registration.confirmed');
  const event = events.find(
    (candidate) =>
      candidate.type === 'sign-in.succeeded' &&
      candidate.data.newDevice === true &&
      candidate.at !== here &&
      !(isAccountNew && candidate === first) &&
      !known.includes(candidate.id) &&
      now - Date.parse(candidate.at) < unfamiliarDays * dayMs,
  );
  return event ? [{ kind: 'sign-in', event }] : [];
}

/** Terms that nobody has agreed to yet, and consents whose text is another one now. A first answer is not asked for here. */
const textsToAnswer = ({ consents }: AccountFacts): Attention[] =>
  consents
    .filter(({ ask, basis, standing }) => ask && (basis === 'contract' || standing !== undefined))
    .map((consent) => ({ kind: consent.basis === 'contract' ? 'terms' : 'consent', consent }));

function factorsToAdd({ factors, canUsePasskeys }: AccountFacts): Attention[] {
  const { passkeys, totp, phone, recoveryCodes, canEnrol } = factors;
  const hasFactor = passkeys.length > 0 || totp !== undefined || phone !== undefined;
  if (!hasFactor) return canUsePasskeys && canEnrol.includes('passkey') ? [{ kind: 'first-factor' }] : [];
  const left = recoveryCodes?.left ?? 0;
  return left < fewRecoveryCodes && (recoveryCodes || canEnrol.includes('recovery-codes'))
    ? [{ kind: 'recovery-codes', left }]
    : [];
}
