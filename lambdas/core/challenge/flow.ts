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
  /** Brand of the context. */
  readonly brand?: string;
  /** Language of the context. */
  readonly language?: string;
  /** Context that was consumed by a flow of another id. */
  readonly context?: string;
  /**
   * Key of the session whose assurance this flow raises. Such a flow ends in `proven` and never in tokens.
   */
  readonly stepUp?: string;
  /**
   * Rounds by mail are played and fail whatever is answered: a mailbox alone is no way around an enrolled second factor,
   * one that nobody proved is no way at all, and saying so would tell strangers about the account.
   */
  readonly blind?: true;
  /** Proven by what came with `begin` (a passkey), so that no further round was needed. */
  readonly atBegin?: true;
  /** Chosen method; absent until `begin` was answered. */
  readonly method?: ChallengeMethod;
  /** Evaluated answers, of all methods together. */
  readonly attempts: number;
  readonly resends: number;
  readonly switches: number;
  /** Methods that could not be delivered in this flow. */
  readonly refused: readonly ChallengeMethod[];
  /** Last claimed round and what was answered in it; a retried trigger gets the same result. */
  readonly round: number;
  readonly answer?: Pseudonym;
  readonly result?: RoundResult;
  readonly code?: SentCode;
}

export type RoundResult = 'right' | 'wrong' | 'resend' | 'switch';

/** What the right answer has to fit: a mailed or texted code, the secret of a link, the challenge of a passkey. */
export interface SentCode {
  /** 0 for the first, then one more per resend or change of method ({@link codeNumber}); only the newest counts. */
  readonly number: number;
  /** Keyed hash bound to flow, account, method and number; for a passkey its challenge, which is no secret. */
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
  /** Mails with codes or links per account and hour, across flows; those before and after a password apart. */
  readonly accountMails: number;
}

/** Digits of a code: 10^8 possibilities are 26 bits, above the 20 that NIST SP 800-63B asks for. */
export const codeLength = 8;

/** Changes of method in one sign-in. */
export const maxSwitches = 4;

export const codeNumber = ({ resends, switches }: Pick<Flow, 'resends' | 'switches'>): number =>
  resends + switches;

/**
 * Seconds that a flow is remembered: Cognito's longest authentication session (15 min) and as long again, so that a
 * context that names its flow (see `contextReferenceSeconds`) never outlives the record that makes it single use.
 */
export const flowLifetimeSeconds = 1_800;

export type FlowStart = Pick<
  Flow,
  | 'id'
  | 'account'
  | 'client'
  | 'door'
  | 'createdAt'
  | 'record'
  | 'label'
  | 'brand'
  | 'language'
  | 'context'
  | 'method'
  | 'stepUp'
  | 'blind'
> & {
  /** @default - what the decision says */
  readonly state?: 'proven';
};

export const stateAfter = ({ outcome }: Decision): FlowState =>
  outcome === 'allow' ? 'allowed' : outcome === 'challenge' ? 'challenged' : 'denied';

/** Whether tokens may follow from it. */
export const isFinal = ({ state, stepUp }: Pick<Flow, 'state' | 'stepUp'>): boolean =>
  stepUp === undefined && (state === 'allowed' || state === 'proven');

/** Whether nothing was proven when it began: anybody can begin such a sign-in for anybody. */
export const isPasswordless = ({ record, stepUp }: Pick<Flow, 'record' | 'stepUp'>): boolean =>
  stepUp === undefined && record.context.proven.length === 0;

/** Methods that still can be chosen; empty for a flow without a challenge. */
export const openMethods = ({
  record,
  refused,
}: Pick<Flow, 'record' | 'refused'>): readonly ChallengeMethod[] =>
  record.decision.methods.filter((method) => !refused.includes(method));

/** The method that was asked for where it is acceptable, otherwise the best one. */
export function chooseMethod(
  flow: Pick<Flow, 'record' | 'refused'>,
  asked: ChallengeMethod | undefined,
): ChallengeMethod | undefined {
  const open = openMethods(flow);
  return asked && open.includes(asked) ? asked : open[0];
}

/** Whether answers by this method are in vain in this flow. */
export const isInVain = ({ blind }: Pick<Flow, 'blind'>, method: ChallengeMethod): boolean =>
  blind === true && method !== 'passkey';

/** Few enough possibilities to try them: wrong answers are limited per account. A link or a passkey cannot be guessed. */
export const isGuessable = (method: ChallengeMethod): boolean =>
  method !== 'passkey' && method !== 'magic-link';
