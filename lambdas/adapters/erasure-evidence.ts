import { marshall } from '@aws-sdk/util-dynamodb';
import type { ErasureMarker } from '../core/privacy/erasure.ts';
import {
  type DynamoClient,
  type DynamoItem,
  isConditionFailure,
  QueryCommand,
  UpdateItemCommand,
} from './dynamo.ts';

export interface EvidenceTerms {
  /** Days that consents are kept as evidence after the erasure. */
  readonly consentDays: number;
  /** Seconds after which no cookie or token of the person can live any more. */
  readonly sessionSeconds: number;
}

/**
 * What stays of an erased person, put to an end date: the consents (evidence, GDPR 7(1) and 17(3)(e)) and the end of
 * the sessions (it keeps what is still in some browser from being let in). 1 WRU each. The function's role lets it write
 * `ttl` in Consents and nothing else: the ledger itself stays as it was written.
 */
export const dynamoEvidence =
  (
    client: DynamoClient,
    tables: { readonly consents: string; readonly risk: string },
    terms: EvidenceTerms,
  ) =>
  async ({ sub, at }: ErasureMarker): Promise<void> => {
    const since = Math.floor(Date.parse(at) / 1000);
    const limit = async (TableName: string, Key: DynamoItem, keyName: string, ttl: number) => {
      const command = new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #ttl = :ttl',
        ConditionExpression: 'attribute_exists(#key)', // an end date is no item of its own
        ExpressionAttributeNames: { '#ttl': 'ttl', '#key': keyName },
        ExpressionAttributeValues: marshall({ ':ttl': ttl }),
      });
      await client.send(command).catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error;
      });
    };
    // The states first: from then on no answer is recorded that the search for entries could miss.
    for (const prefix of ['STATE#', 'LEDGER#']) {
      for await (const Key of consentKeys(client, tables.consents, sub, prefix))
        await limit(tables.consents, Key, 'entry', since + terms.consentDays * 86_400);
    }
    const cutoff = marshall({ subject: `SUB#${sub}`, kind: 'ENDED-BEFORE' });
    await limit(tables.risk, cutoff, 'subject', since + terms.sessionSeconds);
  };

async function* consentKeys(
  client: DynamoClient,
  TableName: string,
  sub: string,
  prefix: string,
): AsyncGenerator<DynamoItem> {
  let from: DynamoItem | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#sub = :sub AND begins_with(#entry, :prefix)',
        ProjectionExpression: '#sub, #entry',
        ExpressionAttributeNames: { '#sub': 'sub', '#entry': 'entry' },
        ExpressionAttributeValues: marshall({ ':sub': sub, ':prefix': prefix }),
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    yield* Items;
    from = LastEvaluatedKey;
  } while (from);
}
