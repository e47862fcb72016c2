import { marshall } from '@aws-sdk/util-dynamodb';
import type { AddressBook } from '../core/account/ports.ts';
import { dynamoAddressClaims, moveAddress } from './address-claims.ts';
import { auditWrite } from './audit-outbox.ts';
import { type DynamoClient, lostTheRace, TransactWriteItemsCommand } from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';
import type { FactorTables } from './factor-store.ts';
import { endPending } from './pending-changes.ts';

/** The address as our tables know it, in the profile and as a claim: TransactWriteItems, 2 RRU, 10 to 12 WRU. */
export const dynamoAddressBook = (client: DynamoClient, tables: FactorTables): AddressBook => {
  const { find } = dynamoAddressClaims(client, tables.profiles);
  return {
    ownerOf: find,
    move: async ({ sub, from, to, completes }, event) => {
      // An account from before there were claims has none to give back.
      const isClaimed = from !== undefined && (await find(from)) === sub;
      const command = new TransactWriteItemsCommand({
        ClientRequestToken: event.id,
        TransactItems: [
          ...moveAddress(tables.profiles, { to: to.pseudonym, owner: sub, ...(isClaimed && { from }) }),
          {
            Update: {
              TableName: tables.profiles,
              Key: marshall({ sub, item: 'profile' }),
              // The version too: whoever edits the profile sees that it changed.
              UpdateExpression: 'SET #email = :email, #version = if_not_exists(#version, :none) + :one',
              ExpressionAttributeNames: { '#email': 'email', '#version': 'version' },
              ExpressionAttributeValues: marshall({ ':email': to.address, ':none': 0, ':one': 1 }),
            },
          },
          endPending(tables.risk, sub, completes),
          // An erasure knows the former address: nobody would ever give the new one back.
          unlessErased(tables.profiles, sub),
          auditWrite(tables.audit, event),
        ],
      });
      return client.send(command).then(() => true, lostTheRace);
    },
  };
};
