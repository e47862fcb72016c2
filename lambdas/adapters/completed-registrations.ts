import { marshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym } from '../core/ids.ts';
import type { CompletedRegistration, CompletedRegistrations } from '../core/registration/complete.ts';
import type { SignUpDevices } from '../core/registration/first-device.ts';
import type { RequestContext } from '../core/risk/context.ts';
import type { Clock } from '../ports.ts';
import { claimAddress } from './address-claims.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import { consentWrites } from './consents.ts';
import {
  cancellationReasons,
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { linkWrites } from './links.ts';
import { consumePending } from './pending-registrations.ts';
import { firstHistory } from './sign-in-history.ts';

export interface RegistrationTables {
  readonly profiles: string;
  readonly consents: string;
  readonly risk: string;
  readonly audit: AuditTable;
}

/** What is already there of a person whom the account API met before their registration was completed. */
interface Standing {
  /** The account API stored fields: ours join them one by one. */
  readonly fields: boolean;
  /** Purposes that the person has answered since. */
  readonly answered: ReadonlySet<string>;
}

interface Write {
  readonly item: TransactWriteItem;
  /** The purpose whose standing decision this writes. */
  readonly purpose?: string;
  /** Makes a device known. */
  readonly learns?: true;
  /** Gives the address to this account. */
  readonly claims?: true;
}

/** Fresh, fields stored, purposes answered: each is learned from one refusal at the most, and none is ever undone. */
const maxRefusals = 3;

/**
 * The end of a registration: TransactWriteItems with the profile (first, so that its reason can be told), two items
 * and one event per consent, the event of the confirmation, the removal of the pending registration, the claim of the
 * address, the identity of a provider, and the device that the mailbox was proven from.
 * With two consents: 2 × (1 + 4 + 3 + 1 + 1) = 20 WRU with the claim of the address, 2 more for a known device, 4 more for
 * a provider's account. At most 20 consents (route schema): 67 of 100 items.
 *
 * A profile without e-mail was made by the account API while this was failing. It is completed, not replaced: what the
 * person has answered since is newer than the form and stays. That takes one or two refused transactions more, as
 * a repeated delivery takes two.
 */
export const dynamoCompletedRegistrations = (
  client: DynamoClient,
  tables: RegistrationTables,
): CompletedRegistrations => ({
  complete: (registration) => completeWith(client, tables, registration),
});

/** The same with writes of its own, at the end of the transaction: whoever comes in another way ends up alike. */
export async function completeWith(
  client: DynamoClient,
  tables: RegistrationTables,
  registration: CompletedRegistration,
  more: readonly TransactWriteItem[] = [],
): ReturnType<CompletedRegistrations['complete']> {
  let standing: Standing = { fields: false, answered: new Set() };
  for (let refusals = 0; refusals <= maxRefusals; refusals += 1) {
    const writes = [...writesOf(tables, registration, standing), ...more.map((item) => ({ item }))];
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map(({ item }) => item) });
    const refusal = await client.send(command).then(() => undefined, raceReasons);
    if (!refusal) return 'done';
    const learned = learnedFrom(refusal, writes, standing);
    if (typeof learned === 'string') return learned;
    standing = learned;
  }
  return 'raced';
}

const writesOf = (
  tables: RegistrationTables,
  { profile, consents, events, pending, claim, identity, firstDevice }: CompletedRegistration,
  { fields, answered }: Standing,
): readonly Write[] => [
  { item: { Update: profileCompletion(tables.profiles, profile, fields) } },
  ...consents.flatMap((entry): Write[] => {
    const [ledger, state] = consentWrites(tables.consents, profile.sub, entry, undefined);
    if (!ledger || !state) throw new Error('consentWrites: expected ledger and state');
    // The ledger has both answers; the state is the later one's, which is theirs.
    return [
      { item: ledger },
      ...(answered.has(entry.purpose) ? [] : [{ item: state, purpose: entry.purpose }]),
    ];
  }),
  ...events.map((event) => ({ item: auditWrite(tables.audit, event) })),
  ...(pending ? [{ item: consumePending(tables.risk, pending) }] : []),
  ...(firstDevice
    ? [
        {
          item: firstHistory(tables.risk, profile.sub, firstDevice, Date.parse(profile.createdAt)),
          learns: true as const,
        },
      ]
    : []),
  ...(claim ? [{ item: claimAddress(tables.profiles, claim, profile.sub), claims: true as const }] : []),
  ...(identity
    ? linkWrites(tables.profiles, profile.sub, identity.link, identity.key).map((Put) => ({ item: { Put } }))
    : []),
];

/** `registeredAt` marks a profile as complete (older ones have an e-mail instead): nothing but this ever writes it. */
function profileCompletion(
  table: string,
  { sub, email, locale, brand, createdAt, fields }: CompletedRegistration['profile'],
  fieldsStored: boolean,
): NonNullable<TransactWriteItem['Update']> {
  const ours = Object.entries(fields);
  const setFields = fieldsStored
    ? ours.map((_, index) => `#fields.#f${index} = if_not_exists(#fields.#f${index}, :f${index})`)
    : ['#fields = :fields'];
  const set = [
    '#registeredAt = :createdAt',
    ...(email ? ['#email = :email'] : []),
    '#version = if_not_exists(#version, :none) + :one',
    '#createdAt = if_not_exists(#createdAt, :createdAt)',
    ...(locale ? ['#locale = if_not_exists(#locale, :locale)'] : []),
    ...(brand ? ['#brand = :brand'] : []),
    ...setFields,
  ];
  return {
    TableName: table,
    Key: marshall({ sub, item: 'profile' }),
    UpdateExpression: `SET ${set.join(', ')}`,
    ConditionExpression: `attribute_not_exists(#registeredAt) AND attribute_not_exists(#email) AND ${fieldsStored ? 'attribute_exists' : 'attribute_not_exists'}(#fields)`,
    ExpressionAttributeNames: {
      '#email': 'email',
      '#registeredAt': 'registeredAt',
      '#version': 'version',
      '#createdAt': 'createdAt',
      '#fields': 'fields',
      ...(locale && { '#locale': 'locale' }),
      ...(brand && { '#brand': 'brand' }),
      ...(fieldsStored && Object.fromEntries(ours.map(([name], index) => [`#f${index}`, name]))),
    },
    ExpressionAttributeValues: marshall(
      {
        ':email': email,
        ':none': 0,
        ':one': 1,
        ':createdAt': createdAt,
        ...(locale && { ':locale': locale }),
        ...(brand && { ':brand': brand }),
        ...(fieldsStored
          ? Object.fromEntries(ours.map(([, record], index) => [`:f${index}`, record]))
          : { ':fields': fields }),
      },
      { removeUndefinedValues: true },
    ),
  };
}

const raceCodes = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];

/** @throws what is no race */
function raceReasons(error: unknown): readonly string[] {
  const reasons = cancellationReasons(error);
  if (!reasons?.every((code) => raceCodes.includes(code))) throw error;
  return reasons;
}

/** `done`: an earlier delivery completed it. `raced`: something passing was in the way. */
function learnedFrom(
  reasons: readonly string[],
  writes: readonly Write[],
  { fields, answered }: Standing,
): Standing | 'done' | 'raced' | 'address-taken' | 'has-history' {
  const refused = (index: number) => reasons[index] === 'ConditionalCheckFailed';
  if (refused(0)) return fields ? 'done' : { fields: true, answered };
  if (writes.some(({ claims }, index) => claims && refused(index))) return 'address-taken';
  if (writes.some(({ learns }, index) => learns && refused(index))) return 'has-history';
  const purposes = writes.flatMap(({ purpose }, index) => (purpose && refused(index) ? [purpose] : []));
  return purposes.length > 0 ? { fields, answered: new Set([...answered, ...purposes]) } : 'raced';
}

/** How long a spent context is remembered beyond its end; clocks of two functions may differ a little. */
const spentMarginSeconds = 60;

/** `CONTEXT#<jti>` / `USED`: 1 WRU. True for the first user name, and for that one again. */
export const dynamoSpentContexts =
  (client: DynamoClient, table: string) =>
  async (context: RequestContext, userName: string): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall({
        subject: `CONTEXT#${context.id}`,
        kind: 'USED',
        by: userName,
        ttl: context.expiresAt + spentMarginSeconds,
      }),
      ConditionExpression: 'attribute_not_exists(#subject) OR #by = :by',
      ExpressionAttributeNames: { '#subject': 'subject', '#by': 'by' },
      ExpressionAttributeValues: marshall({ ':by': userName }),
    });
    return client.send(command).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false;
        throw error;
      },
    );
  };

/** Codes live a day and may be sent again; a confirmation that is later than this makes no device known. */
const signUpDeviceSeconds = 48 * 3_600;

/**
 * `ACCOUNT#<user name>` / `SIGN-UP`: 1 WRU for each sign-up over an SDK with a context, 1 RRU for its confirmation with
 * one. It grants nothing by itself.
 */
export const dynamoSignUpDevices = (client: DynamoClient, table: string, clock: Clock): SignUpDevices => {
  const keyOf = (userName: string) => marshall({ subject: `ACCOUNT#${userName}`, kind: 'SIGN-UP' });
  return {
    note: async (userName, device) => {
      const ttl = Math.floor(clock.now() / 1000) + signUpDeviceSeconds;
      const Item = { ...keyOf(userName), ...marshall({ device, ttl }) };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    find: async (userName) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(userName), ConsistentRead: true }),
      );
      const isOver = Number(Item?.ttl?.N ?? 0) <= clock.now() / 1000;
      return isOver ? undefined : (Item?.device?.S as Pseudonym | undefined);
    },
  };
};
