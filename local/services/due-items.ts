import type { Clock, Collection } from '../platform.ts';
import { Background } from './background.ts';

/** How often it looks at the clock, which a test or the console may have moved. */
const lookMs = 250;

interface DueItemsOptions<T> {
  readonly clock: Clock;
  readonly items: Collection<T>;
  /** Settles the item: deletes it, or keeps it with a later `notBefore`. */
  readonly attempt: (id: string, item: T) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * Attempts stored items once they are due by the cloud's clock, each one at a time. What falls due again is attempted at
 * the next look: a clock that jumps by a day leads to the attempts that the day would have seen, a quarter of a second
 * apart.
 */
export class DueItems<T extends { readonly notBefore: number }> {
  private readonly options: DueItemsOptions<T>;
  private readonly running = new Map<string, Promise<void>>();
  private readonly looks: Background;

  constructor(options: DueItemsOptions<T>) {
    this.options = options;
    this.looks = new Background({
      intervalMs: lookMs,
      failed: options.failed,
      work: async () => this.startDue(),
    });
  }

  start(): void {
    this.looks.start();
  }

  /** After an item was added that is due. */
  wake(): void {
    this.looks.wake();
  }

  /** Starts nothing more, and waits for the attempts under way. */
  async stop(): Promise<void> {
    await this.looks.stop();
    await Promise.all(this.running.values());
  }

  private startDue(): void {
    const { clock, items, attempt, failed } = this.options;
    const now = clock.now();
    for (const [id, item] of [...items.entries()]) {
      if (item.notBefore > now || this.running.has(id)) continue;
      const attempted = attempt(id, item)
        .catch(failed)
        .finally(() => this.running.delete(id));
      this.running.set(id, attempted);
    }
  }
}
