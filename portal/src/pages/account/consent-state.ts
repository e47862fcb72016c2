import type { AnswerOf, BodyOf } from '../../../../client/index.ts';
import { day } from '../../text/intl.ts';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';
import type { Consent } from './attention.ts';

/**
 * Where a person stands with a purpose. `open`: never answered; `changed`: answered to a text that is another one now;
 * `refused`: a no, which is not asked again; `contract-open`: terms that nobody has agreed to yet.
 */
export type ConsentState = 'contract' | 'contract-open' | 'granted' | 'changed' | 'open' | 'refused';

export function stateOf({ basis, ask, active, standing }: Consent): ConsentState {
  if (basis === 'contract') return ask ? 'contract-open' : 'contract';
  if (active) return 'granted';
  if (!ask) return 'refused';
  return standing ? 'changed' : 'open';
}

/** Bound to exactly the text on the screen. */
export const grantOf = ({
  version,
  language,
  textHash,
}: Consent): BodyOf<'PUT /v1/me/consents/{purpose}'> => ({
  decision: 'granted',
  version,
  language,
  textHash,
});

/** Since when, and to which version of the text. */
export function standingLine(consent: Consent): string {
  const { standing, version } = consent;
  const state = stateOf(consent);
  if (!standing)
    return text('privacy', state === 'contract' ? 'standing.contract' : 'standing.never', {
      version: isolated(version),
    });
  const values = { when: day(standing.at), version: isolated(standing.version) };
  if (state === 'changed') return text('privacy', 'standing.changed', values);
  if (state === 'contract') return text('privacy', 'standing.accepted', values);
  return text('privacy', standing.decision === 'granted' ? 'standing.granted' : 'standing.withdrawn', values);
}

export type Answered = AnswerOf<'PUT /v1/me/consents/{purpose}'>;

/** What the person sees at once after an answer; a reading that is as new takes its place. */
export function withAnswer(consent: Consent, answered: Answered | undefined): Consent {
  if (!answered || (consent.standing && consent.standing.at >= answered.at)) return consent;
  const { id: _, purpose: __, ...standing } = answered;
  const active = consent.basis === 'contract' || answered.decision === 'granted';
  return { ...consent, standing, ask: false, active };
}
