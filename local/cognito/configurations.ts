import type { Clock, Collection, Store } from '../platform.ts';

export type ConfigurationKind = 'sessions' | 'client-sessions' | 'risk' | 'log-delivery' | 'ui';

/** One setting of a pool or of something in it. */
export interface Configuration<T> {
  readonly value: T;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Settings of pools that have their own operations and do not belong to the pool's record. */
export class Configurations {
  private readonly stored: Collection<Configuration<unknown>>;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.stored = store.collection('cognito-configurations');
    this.clock = clock;
  }

  find<T>(poolId: string, kind: ConfigurationKind, id = ''): Configuration<T> | undefined {
    return this.stored.get(key(poolId, kind, id)) as Configuration<T> | undefined;
  }

  async put<T>(poolId: string, kind: ConfigurationKind, value: T, id = ''): Promise<Configuration<T>> {
    const now = this.clock.now();
    const createdAt = this.find(poolId, kind, id)?.createdAt ?? now;
    const configuration = { value, createdAt, updatedAt: now };
    await this.stored.set(key(poolId, kind, id), configuration);
    return configuration;
  }

  async removePool(poolId: string): Promise<void> {
    const names = Array.from(this.stored.entries(), ([name]) => name);
    await Promise.all(
      names.filter((name) => name.startsWith(`${poolId}/`)).map((name) => this.stored.delete(name)),
    );
  }
}

const key = (poolId: string, kind: ConfigurationKind, id: string): string => `${poolId}/${kind}/${id}`;
