import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import { type Flow, type FlowStart, flowLifetimeSeconds, stateAfter } from '../core/challenge/flow.ts';
import type { FlowId, Pseudonym } from '../core/ids.ts';
import type { ChallengeMethod, Method } from '../core/risk/decision.ts';
import type { DecisionRecord } from '../core/risk/record.ts';
import type { AttributeValue } from './dynamo.ts';

type Item = Record<string, AttributeValue>;

export const flowKey = (id: string): Item => marshall({ subject: `FLOW#${id}`, kind: 'FLOW' });

const ttlOf = (createdAt: number): number => Math.floor(createdAt / 1000) + flowLifetimeSeconds;

/** Below 1 kB without an event, so that opening a flow costs one write unit; a test measures it. */
export const flowItem = (start: FlowStart, event?: AuditEvent): Item => ({
  ...flowKey(start.id),
  ...marshall(
    {
      ttl: ttlOf(start.createdAt),
      account: start.account,
      client: start.client,
      door: start.door,
      state: start.state ?? stateAfter(start.record.decision),
      createdAt: start.createdAt,
      proven: start.record.context.proven.join(' '),
      record: JSON.stringify(start.record),
      label: start.label,
      brand: start.brand,
      language: start.language,
      context: start.context,
      method: start.method,
      stepUp: start.stepUp,
      blind: start.blind,
      attempts: 0,
      resends: 0,
      round: 0,
      event: event && JSON.stringify(event),
    },
    { removeUndefinedValues: true },
  ),
});

/** Keeps a context single use that joined a flow of another id, and says which. */
export const boundItem = (contextId: string, start: Pick<Flow, 'id' | 'account' | 'createdAt'>): Item => ({
  ...flowKey(contextId),
  ...marshall({ ttl: ttlOf(start.createdAt), state: 'bound', flow: start.id, account: start.account }),
});

export type FlowRow = { readonly bound: FlowId } | { readonly flow: Flow };

/** @returns `undefined` behind the TTL: DynamoDB may keep a row for days after it */
export function readFlowRow(item: Item | undefined, nowSeconds: number): FlowRow | undefined {
  if (!item) return undefined;
  const row = unmarshall(item) as StoredFlow;
  if (!(row.ttl > nowSeconds)) return undefined;
  return row.state === 'bound' ? { bound: row.flow as FlowId } : { flow: toFlow(row) };
}

interface StoredFlow
  extends Omit<Flow, 'id' | 'record' | 'code' | 'proven' | 'switches' | 'refused' | 'atBegin'> {
  readonly subject: string;
  readonly ttl: number;
  readonly record: string;
  readonly proven: string;
  readonly switches?: number;
  readonly refused?: string;
  readonly atBegin?: number;
  readonly flow?: string;
  readonly codeNumber?: number;
  readonly codeHash?: Pseudonym;
  readonly codeExpiresAt?: number;
}

const words = <Word extends string>(text: string): Word[] => text.split(' ').filter(Boolean) as Word[];

const toFlow = (row: StoredFlow): Flow => ({
  id: row.subject.slice('FLOW#'.length) as FlowId,
  account: row.account,
  client: row.client,
  door: row.door,
  state: row.state,
  createdAt: row.createdAt,
  proven: words<Method>(row.proven),
  record: JSON.parse(row.record) as DecisionRecord,
  label: row.label,
  ...(row.brand !== undefined && { brand: row.brand }),
  ...(row.language !== undefined && { language: row.language }),
  context: row.context,
  ...(row.stepUp !== undefined && { stepUp: row.stepUp }),
  ...(row.blind && { blind: true }),
  ...(row.atBegin && { atBegin: true }),
  method: row.method,
  attempts: row.attempts,
  resends: row.resends,
  switches: row.switches ?? 0,
  refused: words<ChallengeMethod>(row.refused ?? ''),
  round: row.round,
  answer: row.answer,
  result: row.result,
  ...(row.codeNumber !== undefined &&
    row.codeHash !== undefined &&
    row.codeExpiresAt !== undefined && {
      code: { number: row.codeNumber, hash: row.codeHash, expiresAt: row.codeExpiresAt },
    }),
});
