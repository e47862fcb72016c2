import type { Clock } from '../platform.ts';
import type { Exchange } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import type { Stage, Throttle } from './model.ts';

/** Per account and Region [aws-facts 9.3]. */
const ACCOUNT: Throttle = { ratePerSecond: 10_000, burst: 5_000 };

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Token buckets: one for the account, one for each method of a stage that has a limit. */
export class Throttles {
  private readonly clock: Clock;
  private readonly buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @throws GatewayFailure THROTTLED */
  admit({ api, stage, resource, httpMethod }: Exchange): void {
    this.take('account', ACCOUNT);
    const limit = resource && methodLimit(stage, httpMethod, resource.path);
    if (limit !== undefined) this.take(`${api.id}/${stage.name} ${httpMethod} ${resource?.path}`, limit);
  }

  private take(name: string, { ratePerSecond, burst }: Throttle): void {
    const now = this.clock.now();
    const bucket = this.buckets.get(name) ?? { tokens: burst, filledAtMs: now };
    const refilled = bucket.tokens + ((now - bucket.filledAtMs) / 1000) * ratePerSecond;
    bucket.tokens = Math.min(burst, refilled);
    bucket.filledAtMs = now;
    this.buckets.set(name, bucket);
    if (bucket.tokens < 1) throw new GatewayFailure('THROTTLED');
    bucket.tokens -= 1;
  }
}

const methodLimit = ({ throttles }: Stage, httpMethod: string, path: string): Throttle | undefined =>
  throttles.get(`${httpMethod} ${path}`) ?? throttles.get(`* ${path}`) ?? throttles.get('* *');
