/** AWS looks at its counts about every 10 s; here the count is exact to the same grain and acts at once. */
const BUCKET_MS = 10_000;
/** At most this many aggregation instances are limited at a time [aws-facts 8.4]; the oldest go first. */
const INSTANCES = 10_000;

/** Requests per aggregation key within a moving window. */
export class RateCounter {
  private readonly limit: number;
  private readonly windowMs: number;
  private readonly instances = new Map<string, Map<number, number>>();

  constructor(limit: number, windowSeconds: number) {
    this.limit = limit;
    this.windowMs = windowSeconds * 1000;
  }

  /** Counts one request. @returns true when the window now holds more than the limit */
  exceeds(key: string, nowMs: number): boolean {
    const buckets = this.instances.get(key) ?? this.open(key);
    const current = Math.floor(nowMs / BUCKET_MS);
    buckets.set(current, (buckets.get(current) ?? 0) + 1);
    return this.total(buckets, current) > this.limit;
  }

  private total(buckets: Map<number, number>, current: number): number {
    const oldest = current - this.windowMs / BUCKET_MS;
    let total = 0;
    for (const [bucket, count] of buckets) {
      if (bucket <= oldest) buckets.delete(bucket);
      else total += count;
    }
    return total;
  }

  private open(key: string): Map<number, number> {
    const [oldest] = this.instances.keys();
    if (this.instances.size >= INSTANCES && oldest !== undefined) this.instances.delete(oldest);
    const buckets = new Map<number, number>();
    this.instances.set(key, buckets);
    return buckets;
  }
}
