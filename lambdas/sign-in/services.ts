import type { ReadConsentStates } from '../adapters/consent-states.ts';
import type { ContextTokens } from '../adapters/context-tokens.ts';
import type { Flows } from '../adapters/flows.ts';
import type { RiskCounters } from '../adapters/risk-counters.ts';
import type { SessionTokens } from '../adapters/session-tokens.ts';
import type { SignInHistories } from '../adapters/sign-in-history.ts';
import type { CodePolicy } from '../core/challenge/flow.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';
import type { RiskPolicy } from '../core/risk/decision.ts';
import type { AuditOutbox, Clock, Mailer, Pseudonyms, Random } from '../ports.ts';

/** What the triggers of a sign-in work with; made once per environment. */
export interface SignInServices {
  readonly config: Pick<ServiceConfiguration, 'brand' | 'languages' | 'tiers' | 'purposes'>;
  readonly risk: RiskPolicy;
  readonly codes: CodePolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly pseudonyms: Pseudonyms;
  readonly contexts: ContextTokens;
  readonly sessions: SessionTokens;
  readonly flows: Flows;
  readonly histories: SignInHistories;
  readonly counters: RiskCounters;
  readonly consents: ReadConsentStates;
  readonly outbox: AuditOutbox;
  readonly mailer: Mailer;
}
