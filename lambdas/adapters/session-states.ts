import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import { type Method, methods } from '../core/risk/decision.ts';
import type { AssuranceLevel } from '../core/session/assurance.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, GetItemCommand, isConditionFailure, UpdateItemCommand } from './dynamo.ts';

/** What happened to a session since its tokens were made. */
export interface SessionState {
  readonly isEnded: boolean;
  /** After a step-up, or as it was at the sign-in of an SDK whose refreshes lose it. */
  readonly assurance?: SessionAssurance;
  /** Session that this `origin_jti` belongs to. */
  readonly flow?: string;
  /** True once the session's `origin_jti` leads here. */
  readonly isLinked: boolean;
}

export interface SessionAssurance {
  readonly level: AssuranceLevel;
  readonly methods: readonly Method[];
  /** Epoch seconds. */
  readonly authenticatedAt: number;
}

export interface StepUpProof extends SessionAssurance {
  /** The step-up flow; one flow raises a session once. */
  readonly flow: string;
  /** Epoch milliseconds at which that flow began: a proof raises nothing after a later one has. */
  readonly begunAt: number;
}

/**
 * `SESSION#<session key>` / `STATE` of the Risk table, one item below 1 kB per session that was ended, raised or linked.
 * Reads are eventually consistent: 0.5 RRU. Writes are 1 WRU, with their event in the same item.
 */
export interface SessionStates {
  find(sessionKey: string): Promise<SessionState | undefined>;
  /** Refuses the session from now on. Repeatable: the first end counts. */
  end(sessionKey: string, event: AuditEvent): Promise<void>;
  /**
   * @returns `false` for a session that has ended, and for a flow that has raised it already or began before the last one
   *   that did; nothing was written then
   */
  raise(sessionKey: string, proof: StepUpProof, event: AuditEvent): Promise<boolean>;
  /** Takes the raised assurance back: the session went unused for too long. */
  lapse(sessionKey: string): Promise<void>;
  /** Ties an `origin_jti` to the flow of its sign-in, because tokens that an SDK refreshes no longer name it. 2 WRU. */
  link(originJti: string, flow: string, assurance: SessionAssurance | undefined): Promise<void>;
}

/**
 * A refresh token that Cognito did not revoke must find its session ended for as long as it may live: the longest
 * that we advise.
 */
const stateSeconds = 400 * 86_400;

const keyOf = (sessionKey: string) => marshall({ subject: `SESSION#${sessionKey}`, kind: 'STATE' });

/** Ends a session that has not ended yet; alone, or as a part of a transaction. */
export const sessionEndUpdate = (
  table: string,
  sessionKey: string,
  nowSeconds: number,
  event: AuditEvent,
) => ({
  TableName: table,
  Key: keyOf(sessionKey),
  UpdateExpression: 'SET #endedAt = :now, #ttl = :ttl, #event = :event',
  ConditionExpression: 'attribute_not_exists(#endedAt)',
  ExpressionAttributeNames: { '#endedAt': 'endedAt', '#ttl': 'ttl', '#event': 'event' },
  ExpressionAttributeValues: marshall({
    ':now': nowSeconds,
    ':ttl': nowSeconds + stateSeconds,
    ':event': JSON.stringify(event),
  }),
});

export const dynamoSessionStates = (client: DynamoClient, table: string, clock: Clock): SessionStates => {
  const update = async (
    sessionKey: string,
    expression: string,
    values: Record<string, unknown>,
    condition?: string,
  ): Promise<boolean> => {
    const names = [...new Set(`${expression} ${condition ?? ''}`.match(/#\w+/g) ?? [])];
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(sessionKey),
          UpdateExpression: expression,
          ...(condition && { ConditionExpression: condition }),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
          ExpressionAttributeValues: marshall(values),
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  };
  const ttl = () => Math.floor(clock.now() / 1000) + stateSeconds;
  return {
    find: async (sessionKey) => {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: keyOf(sessionKey) }));
      if (!Item) return undefined;
      const row = unmarshall(Item) as StoredState;
      return row.ttl > clock.now() / 1000 ? stateOf(row) : undefined;
    },
    end: async (sessionKey, event) => {
      const end = sessionEndUpdate(table, sessionKey, Math.floor(clock.now() / 1000), event);
      await client.send(new UpdateItemCommand(end)).catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // the first end counts
      });
    },
    raise: (sessionKey, { flow, begunAt, level, methods: proven, authenticatedAt }, event) =>
      update(
        sessionKey,
        'SET #level = :level, #methods = :methods, #authenticatedAt = :at, #raisedBy = :flow, #raisedFrom = :begun, #ttl = :ttl, #event = :event',
        {
          ':level': level,
          ':methods': proven.join(' '),
          ':at': authenticatedAt,
          ':flow': flow,
          ':begun': begunAt,
          ':ttl': ttl(),
          ':event': JSON.stringify(event),
        },
        'attribute_not_exists(#endedAt) AND (attribute_not_exists(#raisedBy) OR (#raisedBy <> :flow AND #raisedFrom < :begun))',
      ),
    lapse: async (sessionKey) => {
      await update(
        sessionKey,
        'SET #level = :one',
        { ':one': 1, ':two': 2 },
        '#level = :two', // whatever was ended or never raised stays as it is
      );
    },
    link: async (originJti, flow, assurance) => {
      await update(originJti, 'SET #flow = :flow, #ttl = :ttl', { ':flow': flow, ':ttl': ttl() });
      // Last, as it is what says that both are there.
      await update(
        flow,
        [
          'SET #isLinked = :true, #ttl = :ttl',
          ...(assurance
            ? ['level', 'methods', 'authenticatedAt'].map(
                (name) => `#${name} = if_not_exists(#${name}, :${name})`,
              )
            : []),
        ].join(', '),
        {
          ':true': true,
          ':ttl': ttl(),
          ...(assurance && {
            ':level': assurance.level,
            ':methods': assurance.methods.join(' '),
            ':authenticatedAt': assurance.authenticatedAt,
          }),
        },
      );
    },
  };
};

interface StoredState {
  readonly ttl: number;
  readonly endedAt?: number;
  readonly level?: AssuranceLevel;
  readonly methods?: string;
  readonly authenticatedAt?: number;
  readonly flow?: string;
  readonly isLinked?: boolean;
}

const stateOf = ({
  endedAt,
  level,
  methods: named = '',
  authenticatedAt,
  flow,
  isLinked,
}: StoredState): SessionState => ({
  isEnded: endedAt !== undefined,
  ...(level !== undefined &&
    authenticatedAt !== undefined && {
      assurance: {
        level,
        methods: methods.filter((method) => named.split(' ').includes(method)),
        authenticatedAt,
      },
    }),
  ...(flow && { flow }),
  isLinked: isLinked === true,
});
