import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWrites } from '../../lambdas/adapters/consents.ts';
import {
  DeleteItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '../../lambdas/adapters/dynamo.ts';
import { aConsent, aSub, shownText } from '../support/account.ts';
import { accountApi } from '../support/account-api.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md, "Audit tampering" and GDPR 7: the record of an answer stays provable, nothing edits the ledger.

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const sources = (readdirSync('lambdas', { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join('lambdas', path), 'utf8') }));

describe('the ledger in the source', () => {
  const evidence = join('adapters', 'erasure-evidence.ts');
  const touching = sources.filter(
    ({ text }) => text.includes('LEDGER#') && /from '.*(client-dynamodb|\/dynamo\.ts)'/.test(text),
  );
  const writers = touching.filter(({ path }) => path !== evidence);

  it('is written by the adapter of the consents', () => {
    expect(writers.map(({ path }) => path)).toContain(join('adapters', 'consents.ts'));
  });

  it.each(writers)('is never updated or deleted in $path', ({ text }) => {
    expect(text).not.toMatch(/(Delete|Update|BatchWrite)Item|ExecuteStatement|ExecuteTransaction|\bDelete:/);
    const updates = text.match(/\bUpdate: .*/g) ?? [];
    expect(updates.filter((line) => !line.startsWith('Update: profileUpdate('))).toEqual([]);
  });

  // The function's role holds it to that attribute, too (lib/privacy).
  it('gets an end date from an erasure, and nothing else', () => {
    const text = touching.find(({ path }) => path === evidence)?.text ?? '';
    expect(text).not.toMatch(
      /(Delete|BatchWrite|Put)Item|TransactWrite|ExecuteStatement|\b(Delete|Put|Update):/,
    );
    expect(text.match(/new UpdateItemCommand\(/g)).toHaveLength(1);
    expect(text.match(/UpdateExpression: .*/g)).toEqual(["UpdateExpression: 'SET #ttl = :ttl',"]);
    expect(text).toContain("'#ttl': 'ttl'");
  });
});

describe('the ledger at work', () => {
  it('sees nothing but conditional first puts, over every route that writes a consent', async () => {
    const seen: TransactWriteItem[] = [];
    const spied = Object.assign(Object.create(tables.client) as typeof tables.client, {
      send: (command: Parameters<typeof tables.client.send>[0]) => {
        if (command instanceof TransactWriteItemsCommand) seen.push(...(command.input.TransactItems ?? []));
        return tables.client.send(command);
      },
    });
    const api = accountApi({ ...tables, client: spied });
    const sub = aSub();
    const put = (purpose: string, body: object) =>
      api.send(sub, { route: 'PUT /v1/me/consents/{purpose}', params: { purpose }, body });
    for (const purpose of ['newsletter', 'personalisation']) {
      await put(purpose, { decision: 'granted', ...shownText(api.rules, purpose) });
      await put(purpose, { decision: 'withdrawn' });
    }
    const onLedger = seen.filter((item) => JSON.stringify(item).includes('LEDGER#'));
    expect(onLedger).toHaveLength(4);
    for (const item of onLedger) {
      expect(Object.keys(item)).toEqual(['Put']);
      expect(item.Put?.ConditionExpression).toBe('attribute_not_exists(#entry)');
    }
    expect(seen.some((item) => item.Delete)).toBe(false);
  });

  it('refuses a second put with a used id, even when nothing else stands against it', async () => {
    const [sub, entry] = [aSub(), aConsent()];
    const send = (items: TransactWriteItem[]) =>
      tables.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
    await send(consentWrites(tables.names.consents, sub, entry, undefined));
    const stateKey = marshall({ sub, entry: 'STATE#newsletter' });
    await tables.client.send(new DeleteItemCommand({ TableName: tables.names.consents, Key: stateKey }));
    const forged = consentWrites(tables.names.consents, sub, { ...entry, decision: 'withdrawn' }, undefined);
    await expect(send(forged)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    const { Items = [] } = await tables.client.send(
      new QueryCommand({
        TableName: tables.names.consents,
        KeyConditionExpression: '#sub = :sub',
        ExpressionAttributeNames: { '#sub': 'sub' },
        ExpressionAttributeValues: marshall({ ':sub': sub }),
      }),
    );
    expect(Items).toEqual([marshall({ sub, entry: `LEDGER#${entry.id}`, ...entry })]);
  });
});
