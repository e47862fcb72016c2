import { marshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import {
  type Flow,
  type FlowStart,
  isPasswordless,
  maxSwitches,
  type SentCode,
} from '../core/challenge/flow.ts';
import type { FlowId, Pseudonym } from '../core/ids.ts';
import type { ChallengeMethod } from '../core/risk/decision.ts';
import type { Clock } from '../ports.ts';
import {
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
  writeTogether,
} from './dynamo.ts';
import { boundItem, flowItem, flowKey, readFlowRow } from './flow-items.ts';
import { counterKeys, countUpdates, type RiskKey } from './risk-counters.ts';
import { proofUpdate } from './sign-in-history.ts';

/**
 * Sign-in flows in the Risk table. Everything that may happen once is one conditional write or one transaction.
 *
 * | access | call | cost |
 * |---|---|---|
 * | open | PutItem, absent | 1 WRU, 2 with an event |
 * | openWithContext | TransactWriteItems: context + flow | 4 WRU |
 * | find | GetItem | 0.5 RRU, consistent 1 |
 * | redeliver, begin, code, resend, wrong answer | UpdateItem | 1 to 2 WRU |
 * | claim of an answer | TransactWriteItems: flow + counter | 4 WRU |
 * | right answer | TransactWriteItems: flow + counter + history | 6 WRU |
 */
export interface Flows {
  /** `false` when the id is taken: the context that it came from was used before. */
  open(start: FlowStart, event?: AuditEvent): Promise<boolean>;
  /** Consumes `start.context` together with opening the flow. */
  openWithContext(
    start: FlowStart & { readonly context: string },
    event?: AuditEvent,
  ): Promise<'opened' | 'context-spent' | 'flow-taken'>;
  /** The flow, also by the id of a context that joined it. */
  find(id: string, options?: { consistent: boolean }): Promise<Flow | undefined>;
  /**
   * The flow again for a trigger that Cognito repeats: same account and client, at most {@link maxDeliveries} times
   * and not after {@link redeliverySeconds}.
   */
  redeliver(id: FlowId, claimant: Pick<Flow, 'account' | 'client'>): Promise<Flow | undefined>;
  /** Records the method chosen in `begin`, once; a repeated `begin` of the same choice is fine. */
  begin(flow: Flow, method: ChallengeMethod): Promise<boolean>;
  /** Claims the sending of a code before it is sent. `false`: somebody else claimed this number. */
  claimCode(flow: Flow, code: SentCode, event?: AuditEvent): Promise<boolean>;
  /** Takes back a code that could not be sent. */
  releaseCode(flow: Flow, code: SentCode, event: AuditEvent): Promise<void>;
  claimResend(flow: Flow, round: number, limit: number): Promise<boolean>;
  /** Takes another method from here on, once per round and {@link maxSwitches} times at most. */
  claimSwitch(flow: Flow, round: number, method: ChallengeMethod): Promise<boolean>;
  /** Takes a method that could not be delivered out of this flow, with the code that was claimed for it. */
  refuseMethod(flow: Flow, method: ChallengeMethod, event: AuditEvent): Promise<void>;
  /** Makes an id single use by tying it to this flow; `false` when another flow has it. */
  bind(id: string, flow: Pick<Flow, 'id' | 'account' | 'createdAt'>): Promise<boolean>;
  claimAnswer(claim: AnswerClaim): Promise<'claimed' | 'lost' | 'limited'>;
  /** `false` when the result of this round stands already. */
  acceptAnswer(claim: AnswerClaim): Promise<boolean>;
  rejectAnswer(claim: AnswerClaim, event: AuditEvent): Promise<boolean>;
}

export interface AnswerClaim {
  readonly flow: Flow;
  /** What the answer is compared with, where the flow holds it. */
  readonly code?: SentCode;
  readonly method: ChallengeMethod;
  readonly round: number;
  /** It came with `begin`. */
  readonly atBegin?: true;
  /** Keyed hash of what was answered. */
  readonly answer: Pseudonym;
  /** Limits: evaluated answers per flow, failed ones per account and method in the window. */
  readonly attempts: number;
  readonly accountLimit: number;
}

/** Seconds within which Cognito repeats a trigger that did not answer in 5 s. */
export const redeliverySeconds = 15;
export const maxDeliveries = 3;

type Changes = {
  readonly set: Readonly<Record<string, string | number>>;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly condition: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly event?: AuditEvent;
};

export const dynamoFlows = (client: DynamoClient, table: string, clock: Clock): Flows => {
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const find = async (id: string, consistent: boolean): Promise<Flow | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: flowKey(id), ConsistentRead: consistent }),
    );
    const row = readFlowRow(Item, nowSeconds());
    if (!row) return undefined;
    return 'bound' in row ? find(row.bound, consistent) : row.flow;
  };
  const change = async (id: FlowId, changes: Changes) => {
    try {
      const command = new UpdateItemCommand({ ...flowUpdate(table, id, nowSeconds(), changes) });
      await client.send(command);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  };
  return {
    open: async (start, event) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: flowItem(start, event),
            ConditionExpression: 'attribute_not_exists(subject)',
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
    openWithContext: async (start, event) => {
      const put = (item: ReturnType<typeof flowItem>): TransactWriteItem => ({
        Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(subject)' },
      });
      const failed = await writeTogether(client, [
        put(boundItem(start.context, start)),
        put(flowItem(start, event)),
      ]);
      if (!failed) return 'opened';
      return failed[1] ? 'flow-taken' : 'context-spent';
    },
    find: (id, { consistent } = { consistent: false }) => find(id, consistent),
    redeliver: async (id, { account, client: appClient }) => {
      const isRetry = await change(id, {
        set: {},
        add: ['deliveries'],
        condition:
          '#account = :account AND #client = :client AND #createdAt > :since AND #state <> :bound AND (attribute_not_exists(#deliveries) OR #deliveries < :max)',
        values: {
          ':account': account,
          ':client': appClient,
          ':since': clock.now() - redeliverySeconds * 1000,
          ':bound': 'bound',
          ':max': maxDeliveries - 1,
        },
      });
      return isRetry ? find(id, true) : undefined;
    },
    begin: (flow, method) =>
      change(flow.id, {
        set: { method },
        condition: '#state = :challenged AND (attribute_not_exists(#method) OR #method = :method)',
        values: { ':challenged': 'challenged' },
      }),
    claimCode: (flow, code, event) =>
      change(flow.id, {
        set: { codeNumber: code.number, codeHash: code.hash, codeExpiresAt: code.expiresAt },
        condition:
          '#state = :challenged AND (attribute_not_exists(#codeNumber) OR #codeNumber < :codeNumber)',
        values: { ':challenged': 'challenged' },
        event,
      }),
    releaseCode: async (flow, code, event) => {
      await change(flow.id, {
        set: {},
        remove: ['codeNumber', 'codeHash', 'codeExpiresAt'],
        condition: '#codeNumber = :number AND #codeHash = :hash',
        values: { ':number': code.number, ':hash': code.hash },
        event,
      });
    },
    claimResend: (flow, round, limit) =>
      change(flow.id, {
        set: { round, result: 'resend' },
        add: ['resends'],
        remove: ['answer'],
        condition: '#state = :challenged AND #round < :round AND #resends < :limit',
        values: { ':challenged': 'challenged', ':limit': limit },
      }),
    claimSwitch: (flow, round, method) =>
      change(flow.id, {
        set: { round, result: 'switch', method },
        add: ['switches'],
        remove: ['answer'],
        condition:
          '#state = :challenged AND #round < :round AND (attribute_not_exists(#switches) OR #switches < :limit)',
        values: { ':challenged': 'challenged', ':limit': maxSwitches },
      }),
    refuseMethod: async (flow, method, event) => {
      await change(flow.id, {
        set: { refused: [...flow.refused, method].join(' ') },
        remove: ['codeNumber', 'codeHash', 'codeExpiresAt'],
        condition: '#state = :challenged AND #method = :asked',
        values: { ':challenged': 'challenged', ':asked': method },
        event,
      });
    },
    bind: async (id, flow) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: boundItem(id, flow),
            ConditionExpression: 'attribute_not_exists(subject) OR #flow = :flow',
            ExpressionAttributeNames: { '#flow': 'flow' },
            ExpressionAttributeValues: marshall({ ':flow': flow.id }),
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
    claimAnswer: async (claim) => {
      const updates = countUpdates(table, failuresOf(claim), nowSeconds(), {
        limit: claim.accountLimit,
      });
      const flowClaim = {
        Update: flowUpdate(table, claim.flow.id, nowSeconds(), answerClaim(claim, clock.now())),
      };
      for (const count of [updates.within, updates.fresh, updates.within]) {
        const failed = await writeTogether(client, [flowClaim, { Update: count }]);
        if (!failed) return 'claimed';
        if (failed[0]) return 'lost';
      }
      return 'limited';
    },
    acceptAnswer: async (claim) => {
      const failed = await writeTogether(client, [
        { Update: flowUpdate(table, claim.flow.id, nowSeconds(), acceptance(claim)) },
        { Update: giveBack(table, claim, nowSeconds()) },
        proofUpdate(table, claim.flow, clock.now()),
      ]);
      return !failed;
    },
    rejectAnswer: (claim, event) =>
      change(claim.flow.id, {
        set: { result: 'wrong' },
        condition: unsettled,
        values: { ':claimed': claim.round, ':typed': claim.answer },
        event,
      }),
  };
};

const unsettled = '#round = :claimed AND #answer = :typed AND attribute_not_exists(#result)';

/** The method and the very code that the answer will be compared with must still stand, or a resend could slip in between. */
const answerClaim = (claim: AnswerClaim, now: number): Changes => ({
  set: { round: claim.round, answer: claim.answer },
  add: ['attempts'],
  remove: ['result'],
  condition: `#state = :challenged AND #method = :method AND #round < :round AND #attempts < :max${claim.code ? codeStands : ''}`,
  values: {
    ':challenged': 'challenged',
    ':method': claim.method,
    ':max': claim.attempts,
    ...(claim.code && { ':number': claim.code.number, ':hash': claim.code.hash, ':now': now }),
  },
});

const codeStands = ' AND #codeNumber = :number AND #codeHash = :hash AND #codeExpiresAt > :now';

const acceptance = (claim: AnswerClaim): Changes => ({
  set: {
    state: 'proven',
    result: 'right',
    proven: [...claim.flow.proven, claim.method].join(' '),
    ...(claim.atBegin && { atBegin: 1 }),
  },
  remove: ['codeNumber', 'codeHash', 'codeExpiresAt'],
  condition: `${unsettled} AND #state = :challenged`,
  values: { ':claimed': claim.round, ':typed': claim.answer, ':challenged': 'challenged' },
});

const failuresOf = ({ flow, method }: AnswerClaim): RiskKey =>
  counterKeys.codeFailures(flow.account, method, isPasswordless(flow));

/** A right answer is no failure: what its claim counted in advance is taken back. */
const giveBack = (table: string, claim: AnswerClaim, nowSeconds: number) => ({
  TableName: table,
  Key: marshall(failuresOf(claim)),
  UpdateExpression:
    'SET #count = if_not_exists(#count, :one) - :one, #since = if_not_exists(#since, :now), #ttl = if_not_exists(#ttl, :ttl)',
  ExpressionAttributeNames: { '#count': 'count', '#since': 'since', '#ttl': 'ttl' },
  ExpressionAttributeValues: marshall({ ':one': 1, ':now': nowSeconds, ':ttl': nowSeconds + 7_200 }),
});

/** Every change of a flow: only while it lives, and with its event or none, so that no event is told twice. */
function flowUpdate(table: string, id: FlowId, nowSeconds: number, changes: Changes) {
  const set = { ...changes.set, ...(changes.event && { event: JSON.stringify(changes.event) }) };
  const remove = [...(changes.remove ?? []), ...(changes.event ? [] : ['event'])];
  const assignments = [
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...(changes.add ?? []).map((name) => `#${name} = if_not_exists(#${name}, :zero) + :one`),
  ];
  const setClause = assignments.length > 0 ? `SET ${assignments.join(', ')} ` : '';
  const condition = `#ttl > :nowSeconds AND ${changes.condition}`;
  const mentioned = new Set([...`${setClause}${condition}`.matchAll(/#(\w+)/g)].map(([, name = '']) => name));
  for (const name of remove) mentioned.add(name);
  return {
    TableName: table,
    Key: flowKey(id),
    UpdateExpression: `${setClause}${remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : ''}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries([...mentioned].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall({
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ...(changes.add && { ':zero': 0, ':one': 1 }),
      ...changes.values,
      ':nowSeconds': nowSeconds,
    }),
  };
}
