/** Work that repeats until the service stops: one run at a time, woken early or after the interval. */
export class Background {
  private readonly work: () => Promise<void>;
  private readonly intervalMs: number;
  private readonly failed: (error: unknown) => void;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Number.POSITIVE_INFINITY;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = true;

  constructor(options: { work: () => Promise<void>; intervalMs: number; failed: (error: unknown) => void }) {
    this.work = options.work;
    this.intervalMs = options.intervalMs;
    this.failed = options.failed;
  }

  start(): void {
    this.stopped = false;
    this.wake(0);
  }

  /** Runs within `delayMs`; a wake during a run causes one more run. */
  wake(delayMs = 0): void {
    if (this.stopped) return;
    if (this.running !== undefined) {
      this.again = true;
      return;
    }
    const dueAt = performance.now() + delayMs;
    if (this.timer && this.dueAt <= dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => this.run(), delayMs);
    this.timer.unref();
  }

  /** Waits for the run in progress. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private run(): void {
    this.timer = undefined;
    this.again = false;
    this.running = this.work()
      .catch(this.failed)
      .finally(() => {
        this.running = undefined;
        this.wake(this.again ? 0 : this.intervalMs);
      });
  }
}
