import type { IsLocked } from '../adapters/account-locks.ts';
import type { ClientDirectory } from '../adapters/client-directory.ts';
import type { ReadConsentStates } from '../adapters/consent-states.ts';
import type { ContextTokens } from '../adapters/context-tokens.ts';
import type { FactorSecrets } from '../adapters/factor-secrets.ts';
import type { Flows } from '../adapters/flows.ts';
import type { PasskeyAssertions } from '../adapters/passkey-assertions.ts';
import type { PasskeyChallenges } from '../adapters/passkey-challenges.ts';
import type { RiskCounters } from '../adapters/risk-counters.ts';
import type { SessionTokens } from '../adapters/session-tokens.ts';
import type { SignInHistories } from '../adapters/sign-in-history.ts';
import type { CodePolicy } from '../core/challenge/flow.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';
import type { FactorUse } from '../core/factor/factor.ts';
import type { RiskPolicy } from '../core/risk/decision.ts';
import type { MethodPolicy } from '../core/risk/method-policy.ts';
import type { AuditOutbox, Clock, Mailer, Pseudonyms, Random, SmsSender } from '../ports.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** What the triggers of a sign-in work with; made once per environment. */
export interface SignInServices {
  readonly config: Pick<
    ServiceConfiguration,
    'brand' | 'brands' | 'languages' | 'tiers' | 'purposes' | 'portalUrl'
  >;
  readonly risk: RiskPolicy;
  readonly codes: CodePolicy;
  /** What the operator says about methods for this app client. */
  readonly methodPolicy: (clientId: string) => Promise<MethodPolicy>;
  /** Which app client is which. */
  readonly clientOf: ClientDirectory;
  /** Asked where the risk decision is not: at the pages and at a refresh. */
  readonly isLocked: IsLocked;
  readonly clock: Clock;
  readonly random: Random;
  readonly pseudonyms: Pseudonyms;
  readonly contexts: ContextTokens;
  readonly sessions: SessionTokens;
  readonly flows: Flows;
  readonly histories: SignInHistories;
  readonly counters: RiskCounters;
  readonly factors: FactorUse;
  readonly factorSecrets: Pick<FactorSecrets, 'open'>;
  readonly passkeys: PasskeyAssertions;
  readonly passkeyChallenges: Pick<PasskeyChallenges, 'read'>;
  readonly consents: ReadConsentStates;
  readonly outbox: AuditOutbox;
  readonly mailer: Mailer;
  /** Completes people of another system, where they are expected. */
  readonly arrived?: (event: TriggerEvent) => Promise<void>;
  readonly sms: SmsSender;
}
