import type { AnswerOf } from '../../../../../client/index.ts';
import { ago, day } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';

export type Factors = AnswerOf<'GET /v1/me/factors'>;
export type Passkey = Factors['passkeys'][number];

export interface FactorCardProps {
  readonly factors: Factors;
  /** Fetches them anew after a change. */
  readonly reload: () => void;
}

/** As many as the API allows. */
export const maxPasskeys = 20;

/** A machine whose clock is behind would say that something was used in two minutes. */
const notAfterNow = (at: string, now = Date.now()): number => Math.min(new Date(at).getTime(), now);

/** `Added on 3 March 2026 · last used 2 hours ago`. */
export function usage({ enrolledAt, lastUsedAt }: Pick<Passkey, 'enrolledAt' | 'lastUsedAt'>): string {
  const added = text('security', 'factor.added', { day: day(enrolledAt) });
  const used = lastUsedAt
    ? text('security', 'factor.lastUsed', { when: ago(notAfterNow(lastUsedAt)) })
    : text('security', 'factor.neverUsed');
  return `${added} · ${used}`;
}

/** Whether recovery codes would go with this factor, because nothing else is left for them to stand beside. */
export const isLastFactor = ({ passkeys, totp, phone }: Factors): boolean =>
  passkeys.length + (totp ? 1 : 0) + (phone ? 1 : 0) === 1;

/** What a removal takes with it, for the question before it. */
export const losesCodes = (factors: Factors): boolean =>
  isLastFactor(factors) && factors.recoveryCodes !== undefined;
