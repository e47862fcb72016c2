import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type FactorUse,
  noFactors,
  type PasskeyFactor,
  type PhoneFactor,
  type TotpFactor,
} from '../core/factor/factor.ts';
import { type Factor, withFactor } from '../core/factor/policy.ts';
import type { FactorSet } from '../core/factor/ports.ts';
import type { Sub } from '../core/ids.ts';
import {
  type DynamoClient,
  type DynamoItem,
  isConditionFailure,
  QueryCommand,
  UpdateItemCommand,
} from './dynamo.ts';

/** Items of the Profiles table that hold factors, by what they hold. */
export const factorItem = {
  /** Version of the whole set. */
  set: 'factors',
  totp: 'factor#totp',
  phone: 'factor#phone',
  recoveryCodes: 'factor#recovery-codes',
  passkey: (id: string) => `factor#passkey#${id}`,
} as const;

export const factorKey = (sub: Sub, item: string) => marshall({ sub, item });

/** Names of attributes that a stored factor has beyond its own. */
interface StoredKeys {
  readonly sub: Sub;
  readonly item: string;
}

type StoredFactor = (TotpFactor | PhoneFactor | PasskeyFactor | StoredRecoveryCodes) & StoredKeys;

interface StoredSet extends StoredKeys {
  readonly version: number;
}

/** The hashes as a set of DynamoDB, so that one is taken out by one conditional write; absent when none is left. */
interface StoredRecoveryCodes {
  readonly kind: 'recovery-codes';
  readonly salt: string;
  readonly hashes?: ReadonlySet<string>;
  readonly createdAt: string;
}

interface Change {
  readonly set: string;
  readonly when: string;
  readonly names?: Record<string, string>;
  readonly values: Record<string, unknown>;
}

/** One consistent query for the factors and the version of the set: both kinds of item begin alike. */
export async function queryFactors(client: DynamoClient, table: string, sub: Sub): Promise<FactorSet> {
  let set: FactorSet = { factors: noFactors, version: 0 };
  let from: DynamoItem | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#sub = :sub AND begins_with(#item, :factors)',
        ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
        ExpressionAttributeValues: marshall({ ':sub': sub, ':factors': 'factor' }),
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const item of Items) set = withItem(set, unmarshall(item) as StoredFactor | StoredSet);
    from = LastEvaluatedKey;
  } while (from);
  return set;
}

const withItem = (set: FactorSet, stored: StoredFactor | StoredSet): FactorSet =>
  'version' in stored
    ? { ...set, version: stored.version }
    : { ...set, factors: withFactor(set.factors, factorOf(stored)) };

/**
 * Enrolled factors, one item each (a passkey 350 to 500 bytes, ten recovery codes 700).
 *
 * | access | call | cost |
 * |---|---|---|
 * | list | Query, consistent | 1 RRU per 4 kB: seven passkeys and one of everything else |
 * | use of a factor | UpdateItem on its condition | 1 WRU, also when refused |
 */
export const dynamoFactorUse = (client: DynamoClient, table: string): FactorUse => {
  const update = (sub: Sub, item: string, change: Change): Promise<boolean> =>
    client
      .send(
        new UpdateItemCommand({
          TableName: table,
          Key: factorKey(sub, item),
          UpdateExpression: change.set,
          ConditionExpression: `attribute_exists(kind) AND ${change.when}`,
          ...(change.names && { ExpressionAttributeNames: change.names }),
          ExpressionAttributeValues: marshall(change.values),
        }),
      )
      .then(() => true, falseWhenRefused);
  return {
    list: async (sub) => (await queryFactors(client, table, sub)).factors,
    spendTotpStep: (sub, step, at) =>
      update(sub, factorItem.totp, {
        set: 'SET lastStep = :step, lastUsedAt = :at',
        when: 'lastStep < :step',
        values: { ':step': step, ':at': at },
      }),
    // WebAuthn Level 3 §7.2 step 22: an authenticator without counter says 0 for ever; one that counts never goes back.
    usePasskey: (sub, id, counter, at) =>
      update(sub, factorItem.passkey(id), {
        set: 'SET #counter = :counter, lastUsedAt = :at',
        when: counter === 0 ? '#counter = :counter' : '#counter < :counter',
        names: { '#counter': 'counter' },
        values: { ':counter': counter, ':at': at },
      }),
    spendRecoveryCode: (sub, hash) =>
      update(sub, factorItem.recoveryCodes, {
        set: 'DELETE hashes :spent',
        when: 'contains(hashes, :hash)',
        values: { ':spent': new Set([hash]), ':hash': hash },
      }),
    usePhone: async (sub, at) => {
      await update(sub, factorItem.phone, {
        set: 'SET lastUsedAt = :at',
        when: 'attribute_exists(enrolledAt)',
        values: { ':at': at },
      });
    },
  };
};

const factorOf = ({ sub: _sub, item: _item, ...factor }: StoredFactor): Factor =>
  factor.kind === 'recovery-codes' ? { ...factor, hashes: [...(factor.hashes ?? [])] } : factor;

function falseWhenRefused(error: unknown): false {
  if (isConditionFailure(error)) return false;
  throw error;
}
