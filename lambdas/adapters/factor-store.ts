import { marshall } from '@aws-sdk/util-dynamodb';
import type { Factor, FactorName } from '../core/factor/policy.ts';
import type { FactorStore } from '../core/factor/ports.ts';
import type { Sub } from '../core/ids.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  lostTheRace,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';
import { factorItem, factorKey, queryFactors } from './factors.ts';
import { endPending } from './pending-changes.ts';

export interface FactorTables {
  readonly profiles: string;
  readonly risk: string;
  readonly audit: AuditTable;
}

/**
 * Changes of the set of factors. Its version is an item of its own (`factors`), so that every rule about the set as a
 * whole (how many passkeys, never the last required one) holds under any race; uses at sign-in do not touch it.
 *
 * | access | call | cost |
 * |---|---|---|
 * | read | Query, consistent | 1 RRU per 4 kB |
 * | write | TransactWriteItems: version, factor, event, end of the change under way | 6 to 8 WRU, the first 2 more |
 * | rename | TransactWriteItems: Update + event | 4 WRU |
 */
export function dynamoFactorStore(client: DynamoClient, tables: FactorTables): FactorStore {
  const transact = (token: string, items: TransactWriteItem[]) =>
    client
      .send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }))
      .then(() => true, lostTheRace);
  return {
    read: (sub) => queryFactors(client, tables.profiles, sub),
    write: ({ sub, expectedVersion, put, remove = [], completes }, event) =>
      transact(event.id, [
        versionWrite(tables.profiles, sub, expectedVersion),
        ...(put ? [{ Put: { TableName: tables.profiles, Item: itemOf(sub, put) } }] : []),
        ...remove.map((name) => ({
          Delete: { TableName: tables.profiles, Key: factorKey(sub, itemNameOf(name)) },
        })),
        ...(expectedVersion === 0 ? [unlessErased(tables.profiles, sub)] : []),
        ...(completes ? [endPending(tables.risk, sub, completes)] : []),
        auditWrite(tables.audit, event),
      ]),
    renamePasskey: (sub, id, name, event) =>
      transact(event.id, [
        {
          Update: {
            TableName: tables.profiles,
            Key: factorKey(sub, factorItem.passkey(id)),
            UpdateExpression: 'SET #name = :name',
            ConditionExpression: 'attribute_exists(#name)',
            ExpressionAttributeNames: { '#name': 'name' },
            ExpressionAttributeValues: marshall({ ':name': name }),
          },
        },
        auditWrite(tables.audit, event),
      ]),
  };
}

const versionWrite = (table: string, sub: Sub, expected: number): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: factorKey(sub, factorItem.set),
    UpdateExpression: 'SET #version = :next',
    ConditionExpression: expected === 0 ? 'attribute_not_exists(#version)' : '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: marshall({
      ':next': expected + 1,
      ...(expected > 0 && { ':expected': expected }),
    }),
  },
});

const itemNameOf = (name: FactorName): string => {
  switch (name.kind) {
    case 'passkey':
      return factorItem.passkey(name.id);
    case 'recovery-codes':
      return factorItem.recoveryCodes;
    default:
      return factorItem[name.kind];
  }
};

/** Hashes as a set, so that a use takes one out by one conditional write (see `dynamoFactorUse`). */
const itemOf = (sub: Sub, factor: Factor) =>
  marshall(
    {
      sub,
      item: itemNameOf(factor),
      ...factor,
      ...(factor.kind === 'recovery-codes' && { hashes: new Set(factor.hashes) }),
    },
    { removeUndefinedValues: true },
  );
