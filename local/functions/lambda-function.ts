import type { Clock, Meter } from '../platform.ts';
import { type CloudLine, Environment, stopped } from './environment.ts';
import { Journal } from './journal.ts';
import type { FunctionSpecification, Outcome } from './specification.ts';

export interface FunctionOptions {
  readonly specification: FunctionSpecification;
  readonly clock: Clock & { readonly shared: SharedArrayBuffer };
  readonly meter: Meter;
  /** How its environments reach the cloud without a socket. */
  readonly line?: CloudLine | undefined;
  /** Environments that run at the same time; further calls wait. */
  readonly maxEnvironments: number;
  /**
   * Up to this many are started at once when none is free; each one more only for a call that has waited, since on
   * busy cores another thread with code of its own to compile makes nothing faster. @default - `maxEnvironments`
   */
  readonly eagerEnvironments?: number;
}

export interface CallOptions {
  readonly requestId: string;
  readonly eventJson: string;
  /** How long the caller waits; the function goes on after that, as it does in AWS. */
  readonly deadlineMs?: number;
}

export type CallResult = (Outcome | Throttled) & { readonly durationMs: number; readonly coldStart: boolean };
type Throttled = {
  readonly ok: false;
  readonly kind: 'throttled';
  readonly errorType: string;
  readonly message: string;
};

type Done = (outcome: Outcome, coldStart: boolean) => void;

const throttled: Throttled = {
  ok: false,
  kind: 'throttled',
  errorType: 'TooManyRequestsException',
  message: 'Rate Exceeded.',
};

/** About what a cold start costs on a busy machine. */
const worthAColdStartMs = 250;

/** A function with its environments: the one used last is taken first, and one that crashed is never used again. */
export class LambdaFunction {
  readonly specification: FunctionSpecification;
  readonly journal = new Journal();
  coldStarts = 0;
  private readonly options: FunctionOptions;
  private readonly idle: Environment[] = [];
  private readonly running = new Set<Environment>();
  private readonly waiting: (() => void)[] = [];
  private isStopped = false;

  constructor(options: FunctionOptions) {
    this.options = options;
    this.specification = options.specification;
  }

  get environments(): number {
    return this.idle.length + this.running.size;
  }

  call(options: CallOptions): Promise<CallResult> {
    const calledAt = performance.now();
    const elapsed = () => performance.now() - calledAt;
    if (this.isOverReserved()) return Promise.resolve(this.throttle(options.requestId));
    return new Promise((resolve) => {
      const start = () => this.start(options, done);
      const timer = options.deadlineMs === undefined ? undefined : setTimeout(giveUp, options.deadlineMs);
      const done: Done = (outcome, coldStart) => {
        clearTimeout(timer);
        resolve({ ...outcome, durationMs: elapsed(), coldStart });
      };
      const forget = () => this.forget(start);
      function giveUp() {
        forget();
        resolve({ ...late(options.deadlineMs ?? 0), durationMs: elapsed(), coldStart: false });
      }
      if (this.canRun()) start();
      else this.wait(start);
    });
  }

  stop(): void {
    this.isStopped = true;
    for (const start of this.waiting.splice(0)) start();
    for (const environment of [...this.idle, ...this.running]) environment.end();
  }

  private isOverReserved(): boolean {
    const { reservedConcurrency } = this.specification;
    return (
      reservedConcurrency !== undefined && this.running.size + this.waiting.length >= reservedConcurrency
    );
  }

  private canRun(): boolean {
    const { maxEnvironments, eagerEnvironments = maxEnvironments } = this.options;
    return this.idle.length > 0 || this.running.size < eagerEnvironments;
  }

  private wait(start: () => void): void {
    this.waiting.push(start);
    const { maxEnvironments, eagerEnvironments = maxEnvironments } = this.options;
    if (eagerEnvironments >= maxEnvironments) return;
    const timer = setTimeout(() => {
      if (this.running.size >= maxEnvironments || !this.waiting.includes(start)) return;
      this.forget(start);
      start();
    }, worthAColdStartMs);
    timer.unref();
  }

  /** A call whose caller gave up before it began never begins. */
  private forget(start: () => void): void {
    const at = this.waiting.indexOf(start);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private throttle(requestId: string): CallResult {
    const { clock, meter, specification } = this.options;
    meter.count(`lambda-throttled:${specification.label}`);
    const result = { ...throttled, durationMs: 0, coldStart: false };
    this.journal.call({
      requestId,
      at: clock.now(),
      durationMs: 0,
      coldStart: false,
      outcome: 'throttled',
      errorType: throttled.errorType,
    });
    return result;
  }

  private start(options: CallOptions, done: Done): void {
    if (this.isStopped) {
      done(stopped, false);
      return;
    }
    const warm = this.takeIdle();
    const environment = warm ?? this.createEnvironment();
    this.running.add(environment);
    const startedAt = performance.now();
    void environment.run(options).then((outcome) => {
      this.release(environment);
      this.record(options.requestId, outcome, performance.now() - startedAt, warm === undefined);
      done(outcome, warm === undefined);
    });
  }

  private takeIdle(): Environment | undefined {
    for (let found = this.idle.pop(); found; found = this.idle.pop()) {
      if (found.alive) return found; // one that ended between two calls is forgotten
    }
    return undefined;
  }

  private createEnvironment(): Environment {
    const { clock, meter, specification, line } = this.options;
    this.coldStarts += 1;
    meter.count(`lambda-cold-start:${specification.label}`);
    return new Environment({
      specification,
      clock: clock.shared,
      ...(line && { line }),
      onLog: (line) => this.journal.line({ at: clock.now(), ...line }),
    });
  }

  private release(environment: Environment): void {
    this.running.delete(environment);
    if (environment.alive) this.idle.push(environment);
    this.waiting.shift()?.();
  }

  private record(requestId: string, outcome: Outcome, durationMs: number, coldStart: boolean): void {
    const { clock, meter, specification } = this.options;
    meter.count(`lambda:${specification.label}`);
    meter.count(`lambda-ms:${specification.label}`, durationMs);
    this.journal.call({
      requestId,
      at: clock.now(),
      durationMs,
      coldStart,
      outcome: outcome.ok ? 'ok' : outcome.kind,
      ...(!outcome.ok && { errorType: outcome.errorType }),
    });
    if (!outcome.ok)
      this.journal.line({ at: clock.now(), requestId, level: 'error', text: failureText(outcome) });
  }
}

const shownFrames = 5;

/** Type, message and where it was thrown: Lambda writes an unhandled error to the function's log as well. */
const failureText = ({ errorType, message, trace = [] }: Extract<Outcome, { ok: false }>): string => {
  const frames = trace.filter((line) => /^\s+at /.test(line)).slice(0, shownFrames);
  return [`${errorType}: ${message}`, ...frames].join('\n');
};

/** What the caller is told; the function itself is not stopped by a caller that no longer waits. */
const late = (deadlineMs: number): Outcome => ({
  ok: false,
  kind: 'timeout',
  errorType: 'Sandbox.Timedout',
  message: `no answer within ${deadlineMs} ms`,
});
