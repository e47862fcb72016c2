import type { Cloud, Collection, Needed } from '../../platform.ts';
import { arnOf, nameOf, viaService } from '../arns.ts';

/** What DynamoDB keeps beside the items and the engine does not know or would get wrong. */
export interface TableSettings {
  readonly partitionKey: string;
  /** Partition key by index name. */
  readonly indexKeys: Readonly<Record<string, string>>;
  readonly keyNames: readonly string[];
  readonly ttlAttribute?: string;
  /** Customer managed key; absent for the key that AWS owns. */
  readonly keyArn?: string;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
}

export interface KnownTable {
  readonly name: string;
  readonly arn: string;
  readonly settings: TableSettings | undefined;
  /** `kms:Decrypt` on the customer managed key: without it the caller cannot use the data. */
  readonly keyNeed: Needed | undefined;
  partitionKeyOf(index: string | undefined): string;
}

/** Names, keys and settings of the tables; the engine holds the items. */
export class Tables {
  private readonly cloud: Cloud;
  private readonly stored: Collection<TableSettings>;
  private readonly known = new Map<string, KnownTable>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.stored = cloud.store.collection('dynamodb-tables');
  }

  readonly find = (nameOrArn: string | undefined): KnownTable => {
    const name = nameOf(nameOrArn ?? '');
    const found = this.known.get(name) ?? this.describe(name, this.stored.get(name));
    this.known.set(name, found);
    return found;
  };

  async keep(name: string, settings: TableSettings): Promise<KnownTable> {
    const described = this.describe(name, settings);
    this.known.set(name, described);
    await this.stored.set(name, settings);
    return described;
  }

  async forget(name: string): Promise<void> {
    this.known.delete(name);
    await this.stored.delete(name);
  }

  withTtl(): readonly {
    readonly name: string;
    readonly ttlAttribute: string;
    readonly keyNames: readonly string[];
  }[] {
    return [...this.stored.entries()].flatMap(([name, { ttlAttribute, keyNames }]) =>
      ttlAttribute ? [{ name, ttlAttribute, keyNames }] : [],
    );
  }

  private describe(name: string, settings: TableSettings | undefined): KnownTable {
    return {
      name,
      arn: arnOf(this.cloud, 'dynamodb', `table/${name}`),
      settings,
      keyNeed: settings?.keyArn
        ? { action: 'kms:Decrypt', resource: settings.keyArn, context: viaService(this.cloud, 'dynamodb') }
        : undefined,
      partitionKeyOf: (index) => (index ? settings?.indexKeys[index] : settings?.partitionKey) ?? '',
    };
  }
}
