import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import {
  type BrakePolicy,
  type BrakeReason,
  type Budget,
  budgetsOf,
  type Conversion,
  isShut,
} from '../core/messages/sms-brake.ts';
import type { AuditOutbox, Clock, Pseudonyms, Random, SmsMessage, SmsSender } from '../ports.ts';
import { type DynamoClient, GetItemCommand, UpdateItemCommand, writeTogether } from './dynamo.ts';

/** Hands a text to the carrier. @throws when it was not taken */
export type DeliverSms = (message: Pick<SmsMessage, 'to' | 'text' | 'kind'>) => Promise<void>;

export interface BrakeParts {
  readonly client: DynamoClient;
  /** Risk table. */
  readonly table: string;
  readonly policy: BrakePolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly pseudonyms: Pseudonyms;
  readonly outbox: AuditOutbox;
}

/** Counters outlive their window a little, so that a slow clock elsewhere does not open it again. */
const keepSeconds = 3_600;

/**
 * Sends within every budget. The counts of a text are one transaction with its event, made before it is handed over,
 * so that no number of parallel requests sends more; a text that the carrier then refuses stays counted.
 *
 * Costs: two reads (0.5 RRU each), a transaction of five or six counters (10 to 12 WRU, under a thousandth of a text's price).
 */
export function brakedSms(deliver: DeliverSms, parts: BrakeParts): SmsSender {
  return {
    send: async (message) => {
      const reason = await reserve(parts, message);
      if (reason) return refuse(parts, message, reason);
      try {
        await deliver(message);
        return 'sent';
      } catch (error) {
        await parts.outbox.put(messageEvent(parts, message, 'failure', ['SMS_NOT_TAKEN', nameOf(error)]));
        return 'refused';
      }
    },
    answered: async (number) => {
      try {
        await countAnswer(parts, number);
      } catch (error) {
        console.error(
          JSON.stringify({ level: 'error', event: 'sms-answer-not-counted', name: nameOf(error) }),
        );
      }
    },
  };
}

/** 2 WRU for the two windows that are judged. */
async function countAnswer(parts: BrakeParts, number: Pick<SmsMessage, 'to' | 'country'>): Promise<void> {
  for (const budget of budgetsOf(number, parts.policy, parts.clock.now()).filter(isJudged)) {
    await parts.client.send(
      new UpdateItemCommand({
        TableName: parts.table,
        Key: await counterKey(parts, budget),
        UpdateExpression: 'SET #answered = if_not_exists(#answered, :none) + :one, #ttl = :ttl',
        ExpressionAttributeNames: { '#answered': 'answered', '#ttl': 'ttl' },
        ExpressionAttributeValues: marshall({ ':none': 0, ':one': 1, ':ttl': budget.endsAt + keepSeconds }),
      }),
    );
  }
}

/** The windows whose conversion says something about a number range. */
const isJudged = ({ scope }: Budget): boolean => scope === 'prefix' || scope === 'country';

/** @returns why not; `undefined` when every count was made */
async function reserve(parts: BrakeParts, message: SmsMessage): Promise<BrakeReason | undefined> {
  const { policy, clock } = parts;
  if (!policy.countries.includes(message.country)) return 'SMS_COUNTRY_NOT_SERVED';
  const budgets = budgetsOf(message, policy, clock.now());
  for (const budget of budgets.filter(isJudged)) {
    if (isShut(await conversionOf(parts, budget), policy)) {
      return budget.scope === 'prefix' ? 'SMS_CONVERSION_PREFIX' : 'SMS_CONVERSION_COUNTRY';
    }
  }
  const carriesCode = message.kind !== 'notice';
  return countAll(parts, budgets, carriesCode, messageEvent(parts, message, 'success', []));
}

async function countAll(
  parts: BrakeParts,
  budgets: readonly Budget[],
  carriesCode: boolean,
  event: AuditEvent,
): Promise<BrakeReason | undefined> {
  const TransactItems = await Promise.all(
    budgets.map(async (budget, index) => ({
      Update: count(parts.table, await counterKey(parts, budget), budget, {
        isJudged: carriesCode && isJudged(budget),
        ...(index === 0 && { event }),
      }),
    })),
  );
  const lost = await writeTogether(parts.client, TransactItems);
  if (!lost) return undefined;
  return budgets[lost.indexOf(true)]?.reason ?? 'SMS_BUDGET_INSTALLATION';
}

/** What is judged counts its codes as well: a notice asks for no answer. */
const count = (
  table: string,
  key: Awaited<ReturnType<typeof counterKey>>,
  { limit, endsAt }: Budget,
  extra: { readonly isJudged: boolean; readonly event?: AuditEvent },
) => ({
  TableName: table,
  Key: key,
  UpdateExpression: [
    'SET #count = if_not_exists(#count, :none) + :one, #ttl = :ttl',
    ...(extra.isJudged ? ['#codes = if_not_exists(#codes, :none) + :one'] : []),
    ...(extra.event ? ['#event = :event'] : []),
  ].join(', '),
  ConditionExpression: 'attribute_not_exists(#count) OR #count < :limit',
  ExpressionAttributeNames: {
    '#count': 'count',
    '#ttl': 'ttl',
    ...(extra.isJudged && { '#codes': 'codes' }),
    ...(extra.event && { '#event': 'event' }),
  },
  ExpressionAttributeValues: marshall({
    ':none': 0,
    ':one': 1,
    ':limit': limit,
    ':ttl': endsAt + keepSeconds,
    ...(extra.event && { ':event': JSON.stringify(extra.event) }),
  }),
});

async function counterKey({ pseudonyms }: BrakeParts, { scope, value, window }: Budget) {
  // Numbers and their blocks are kept under a keyed hash; the others are no personal data or pseudonyms already.
  const isNumber = scope === 'number' || scope === 'prefix';
  const shown = isNumber ? await pseudonyms.of('identifier', `sms ${scope} ${value}`) : value;
  return marshall({ subject: `SMS#${scope}#${shown}`, kind: `${window}` });
}

async function conversionOf(parts: BrakeParts, budget: Budget): Promise<Conversion> {
  const { Item } = await parts.client.send(
    new GetItemCommand({ TableName: parts.table, Key: await counterKey(parts, budget) }),
  );
  const { codes: sent = 0, answered = 0 } = Item
    ? (unmarshall(Item) as { codes?: number; answered?: number })
    : {};
  return { sent, answered };
}

async function refuse(parts: BrakeParts, message: SmsMessage, reason: BrakeReason): Promise<'refused'> {
  await parts.outbox.put(messageEvent(parts, message, 'refused', [reason]));
  return 'refused';
}

function messageEvent(
  { clock, random }: BrakeParts,
  { sub, address, country, kind }: SmsMessage,
  outcome: AuditEvent['outcome'],
  reasons: readonly string[],
): AuditEvent {
  const now = clock.now();
  return {
    v: 1,
    id: random.ulid(now),
    type: outcome === 'success' ? 'message.sent' : 'message.refused',
    at: new Date(now).toISOString(),
    subject: sub ? { sub } : { pseudonym: address ?? unknownSubject },
    actor: 'self',
    outcome,
    reasons,
    data: { channel: 'sms', country, kind },
  };
}

/** A text of ours without a person or an address behind it, for example an alarm. */
const unknownSubject = 'system' as NonNullable<SmsMessage['address']>;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
