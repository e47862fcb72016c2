import type { FlowId, Pseudonym } from '../ids.ts';
import type { ChallengeMethod, Decision, Method } from '../risk/decision.ts';
import type { DecisionRecord } from '../risk/record.ts';

/** `sub` of an existing account, or `?<pseudonym>` for an identifier without one: both play the same rounds. */
export type AccountKey = string & { readonly kind: 'AccountKey' };

export type FlowState =
  /** Low risk: tokens without a challenge. */
  | 'allowed'
  /** A challenge stands; nothing more was proven yet. */
  | 'challenged'
  /** The challenge was passed. */
  | 'proven'
  | 'denied'
  /** Not a flow: the record that keeps a context single use when it joined a flow of another id. */
  | 'bound';

/** One sign-in attempt with its rounds: the only thing that the steps of a sign-in believe. */
export interface Flow {
  readonly id: FlowId;
  readonly account: AccountKey;
  readonly client: string;
  readonly door: 'api' | 'sdk';
  readonly state: FlowState;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly proven: readonly Method[];
  readonly record: DecisionRecord;
  /** Device label of the context. */
  readonly label?: string;
  /** Context that was consumed by a flow of another id. */
  readonly context?: string;
  /** Answer of `begin`: chosen method. Absent until `begin` was answered. */
  readonly method?: ChallengeMethod;
  /** Evaluated code answers. */
  readonly attempts: number;
  readonly resends: number;
  /** Last claimed round and what was answered in it; a retried trigger gets the same result. */
  readonly round: number;
  readonly answer?: Pseudonym;
  readonly result?: RoundResult;
  readonly code?: SentCode;
}

export type RoundResult = 'right' | 'wrong' | 'resend';

export interface SentCode {
  /** 0 for the first code, then one more per resend; only the newest counts. */
  readonly number: number;
  /** Keyed hash bound to flow, account, method and number. */
  readonly hash: Pseudonym;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Limits of a challenge; each is a parameter that an operator tunes. */
export interface CodePolicy {
  readonly lifetimeSeconds: number;
  /** Evaluated answers per flow. */
  readonly attempts: number;
  readonly resends: number;
  /** Failed answers per account and method and hour, across flows. */
  readonly accountLimit: number;
}

/** Digits of a code: 10^8 possibilities are 26 bits, above the 20 that NIST SP 800-63B asks for. */
export const codeLength = 8;

/**
 * Seconds that a flow is remembered: Cognito's longest authentication session (15 min) and as long again, so that a
 * context that names its flow (see `contextReferenceSeconds`) never outlives the record that makes it single use.
 */
export const flowLifetimeSeconds = 1_800;

export type FlowStart = Pick<
  Flow,
  'id' | 'account' | 'client' | 'door' | 'createdAt' | 'record' | 'label' | 'context' | 'method'
>;

export const stateAfter = ({ outcome }: Decision): FlowState =>
  outcome === 'allow' ? 'allowed' : outcome === 'challenge' ? 'challenged' : 'denied';

export const isFinal = ({ state }: Pick<Flow, 'state'>): boolean => state === 'allowed' || state === 'proven';
