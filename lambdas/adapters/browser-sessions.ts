import { createHash, randomBytes } from 'node:crypto';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../core/ids.ts';
import { type Method, methods } from '../core/risk/decision.ts';
import { type BrowserSession, isBrowserToken } from '../core/session/browser-session.ts';
import type { Clock } from '../ports.ts';
import {
  DeleteItemCommand,
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  UpdateItemCommand,
} from './dynamo.ts';

/**
 * `BROWSER#<hash of the cookie>` of the Risk table: `SESSION` (below 1 kB) and beside it `REFRESH` with the sealed refresh
 * token, which only a refresh reads. Nothing here can be turned into a cookie.
 */
export interface BrowserSessions {
  /** New identifier, every time. 1 WRU and 3 to 4 for the refresh token. @returns the cookie's value */
  create(session: BrowserSession, sealedRefreshToken: string): Promise<string>;
  /** 0.5 RRU; 1 more when it is not there, as it may have been made a moment ago. */
  find(token: string): Promise<BrowserSession | undefined>;
  /** Consistent, 1 RRU. */
  refreshToken(token: string): Promise<string | undefined>;
  /** 1 WRU. Changes nothing for a session that is gone or was replaced. */
  touch(token: string, seenAt: number): Promise<void>;
  /** The cookie gave way to a newer one. The first time counts. 1 WRU. */
  replaced(token: string, at: number): Promise<void>;
  remove(token: string): Promise<void>;
}

/** A session that its owner never ends is gone after the longest life that we advise, unless the caller knows a shorter one. */
const longestSeconds = 400 * 86_400;
/** Clocks differ a little, and a session is looked at once more at its end. */
const marginSeconds = 86_400;

const subjectOf = (token: string): string =>
  `BROWSER#${createHash('sha256').update(token).digest('base64url')}`;
const keyOf = (token: string, kind: 'SESSION' | 'REFRESH') => marshall({ subject: subjectOf(token), kind });

/** @param sessionSeconds - absolute lifetime of a session: a row has no use behind it */
export const dynamoBrowserSessions = (
  client: DynamoClient,
  table: string,
  clock: Clock,
  sessionSeconds = longestSeconds,
): BrowserSessions => {
  const get = async (token: string, kind: 'SESSION' | 'REFRESH', consistent: boolean) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(token, kind), ConsistentRead: consistent }),
    );
    if (!Item) return undefined;
    const row = unmarshall(Item) as StoredSession;
    return row.ttl > clock.now() / 1000 ? row : undefined;
  };
  const update = async (token: string, expression: string, condition: string, at: number) => {
    await client
      .send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(token, 'SESSION'),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: marshall({ ':at': at }),
        }),
      )
      .catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error;
      });
  };
  return {
    create: async (session, sealed) => {
      const token = randomBytes(32).toString('base64url');
      const ttl = Math.floor(clock.now() / 1000) + Math.min(sessionSeconds, longestSeconds) + marginSeconds;
      const put = (kind: 'SESSION' | 'REFRESH', fields: object) =>
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...keyOf(token, kind), ...marshall({ ...fields, ttl }, { removeUndefinedValues: true }) },
            ConditionExpression: 'attribute_not_exists(subject)',
          }),
        );
      // The session last: it is never there without what keeps it alive.
      await put('REFRESH', { sealed });
      await put('SESSION', {
        ...session,
        scopes: session.scopes.join(' '),
        methods: session.methods.join(' '),
      });
      return token;
    },
    find: async (token) => {
      if (!isBrowserToken(token)) return undefined;
      const row = (await get(token, 'SESSION', false)) ?? (await get(token, 'SESSION', true));
      return row && sessionOf(row);
    },
    refreshToken: async (token) =>
      isBrowserToken(token) ? (await get(token, 'REFRESH', true))?.sealed : undefined,
    touch: (token, seenAt) =>
      update(
        token,
        'SET seenAt = :at',
        'attribute_exists(subject) AND attribute_not_exists(replacedAt) AND seenAt < :at',
        seenAt,
      ),
    replaced: (token, at) =>
      update(
        token,
        'SET replacedAt = :at',
        'attribute_exists(subject) AND attribute_not_exists(replacedAt)',
        at,
      ),
    remove: async (token) => {
      for (const kind of ['SESSION', 'REFRESH'] as const) {
        await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(token, kind) }));
      }
    },
  };
};

interface StoredSession extends Omit<BrowserSession, 'scopes' | 'methods'> {
  readonly ttl: number;
  readonly scopes: string;
  readonly methods: string;
  readonly sealed?: string;
}

const sessionOf = (row: StoredSession): BrowserSession => ({
  sub: row.sub as Sub,
  sessionKey: row.sessionKey,
  ...(row.flow && { flow: row.flow }),
  clientId: row.clientId,
  scopes: row.scopes.split(' ').filter(Boolean),
  scopesAt: row.scopesAt,
  level: row.level,
  methods: methods.filter((method: Method) => row.methods.split(' ').includes(method)),
  startedAt: row.startedAt,
  seenAt: row.seenAt,
  csrf: row.csrf,
  ...(row.replacedAt !== undefined && { replacedAt: row.replacedAt }),
});
