import { api } from '../../session/api.ts';
import { canUsePasskeys } from '../../session/passkeys.ts';
import { openSession } from '../../session/session.ts';
import { language, text } from '../../text/text.ts';
import type { AccountFacts, Consent } from './attention.ts';
import { knownEvents } from './known-events.ts';

/** All that the overview judges by, asked for at once. */
export async function accountFacts(): Promise<AccountFacts> {
  const [{ consents }, factors, { events }, state] = await Promise.all([
    api.call('GET /v1/me/consents', { query: { locale: language.value } }),
    api.call('GET /v1/me/factors'),
    api.call('GET /v1/me/activity', { query: { limit: '50' } }),
    openSession(),
  ]);
  const sessions = state.kind === 'signed-in' ? state.sessions : [];
  return {
    consents,
    factors,
    events,
    sessions,
    known: knownEvents(),
    canUsePasskeys: canUsePasskeys(),
    now: Date.now(),
  };
}

/** A purpose as people call it. */
export const purposeNames =
  (consents: readonly Pick<Consent, 'purpose' | 'label'>[]) =>
  (purpose: string): string =>
    consents.find((consent) => consent.purpose === purpose)?.label ?? purpose;

/** For what a value is used; what the contract needs is said as such, as the name of its text is no purpose to anybody. */
export const usesOf =
  (consents: readonly Pick<Consent, 'purpose' | 'label' | 'basis'>[]) =>
  (sentence: 'question.why' | 'profile.for', purpose: string): string => {
    const consent = consents.find((each) => each.purpose === purpose);
    if (consent?.basis === 'contract') return text('account', `${sentence}.contract`);
    return text('account', sentence, { purpose: consent?.label ?? purpose });
  };

export type UseOf = ReturnType<typeof usesOf>;
