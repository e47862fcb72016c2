import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, FaultRule, Faults, Functions, Invocation, InvokeOptions, Meter } from '../platform.ts';
import type { CloudLine } from './environment.ts';
import { type CallResult, LambdaFunction } from './lambda-function.ts';
import { Permissions } from './permissions.ts';
import type { FunctionSpecification } from './specification.ts';

export interface RuntimeOptions {
  readonly clock: Clock & { readonly shared: SharedArrayBuffer };
  readonly meter: Meter;
  readonly faults: Faults;
  /** Environments of one function at a time. @default - as many as there are cores, up to 4 when calls wait long */
  readonly maxEnvironments?: number;
}

const defaultEnvironments = {
  maxEnvironments: 4,
  eagerEnvironments: Math.min(4, Math.max(2, availableParallelism())),
} as const;

type Effect = FaultRule['effect'];
type Refused = Extract<Invocation, { ok: false }>;

/** All functions of the cloud, found by ARN (with or without a qualifier), name or label. */
export class FunctionRuntime implements Functions {
  readonly permissions = new Permissions();
  private readonly options: RuntimeOptions;
  private readonly byArn = new Map<string, LambdaFunction>();

  private line: CloudLine | undefined;

  constructor(options: RuntimeOptions) {
    this.options = options;
  }

  /** For functions that are registered afterwards. */
  connect(line: CloudLine): void {
    this.line = line;
  }

  register(specification: FunctionSpecification): void {
    this.byArn.get(specification.arn)?.stop();
    const { clock, meter, maxEnvironments } = this.options;
    const limits = maxEnvironments === undefined ? defaultEnvironments : { maxEnvironments };
    this.byArn.set(
      specification.arn,
      new LambdaFunction({ specification, clock, meter, line: this.line, ...limits }),
    );
  }

  all(): readonly LambdaFunction[] {
    return [...this.byArn.values()];
  }

  find(nameOrArn: string): LambdaFunction | undefined {
    const arn = nameOrArn.split(':').slice(0, 7).join(':');
    return (
      this.byArn.get(arn) ??
      this.all().find(
        ({ specification }) => specification.name === nameOrArn || specification.label === nameOrArn,
      )
    );
  }

  /** Why a call is not even tried; `undefined` when it is. */
  refusal(
    functionArn: string,
    { principal, sourceArn }: Pick<InvokeOptions, 'principal' | 'sourceArn'>,
  ): Refused | undefined {
    const found = this.find(functionArn);
    if (!found) return missing(functionArn);
    const { arn } = found.specification;
    if (this.permissions.allows(arn, principal, sourceArn)) return undefined;
    const on = sourceArn ? ` for ${sourceArn}` : '';
    return refused(
      'denied',
      'AccessDeniedException',
      `${principal} is not allowed to invoke ${arn}${on}: no resource policy of the function allows it`,
    );
  }

  async invoke(functionArn: string, event: unknown, options: InvokeOptions): Promise<Invocation> {
    const found = this.find(functionArn);
    if (!found) return missing(functionArn);
    const refusal = this.refusal(functionArn, options);
    if (refusal) return refusal;
    const { label } = found.specification;
    const fault = this.options.faults.take('lambda', label);
    if (fault) {
      const text = `fault: ${'name' in fault ? `${fault.name} instead of a call` : fault.kind}`;
      found.journal.line({ at: this.options.clock.now(), level: 'warn', text });
    }
    const eventJson = JSON.stringify(event ?? null);
    return fault
      ? faulty(fault, options, (deadlineMs) => deliver(found, eventJson, deadlineMs))
      : deliver(found, eventJson, options.deadlineMs);
  }

  stop(): void {
    for (const each of this.byArn.values()) each.stop();
  }
}

async function deliver(
  to: LambdaFunction,
  eventJson: string,
  deadlineMs: number | undefined,
): Promise<Invocation> {
  const result = await to.call({
    requestId: randomUUID(),
    eventJson,
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  return result.ok ? answered(result) : result;
}

const answered = ({ json, durationMs, coldStart }: Extract<CallResult, { ok: true }>): Invocation => ({
  ok: true,
  payload: JSON.parse(json),
  durationMs,
  coldStart,
});

async function faulty(
  fault: Effect,
  { deadlineMs }: InvokeOptions,
  send: (deadlineMs: number | undefined) => Promise<Invocation>,
): Promise<Invocation> {
  switch (fault.kind) {
    case 'error':
      return refused(
        kinds[fault.name] ?? 'threw',
        fault.name,
        fault.message ?? 'a fault that a test asked for',
      );
    case 'garbage': {
      const result = await send(deadlineMs);
      return result.ok ? { ...result, payload: '\u0000garbage' } : result;
    }
    case 'duplicate': {
      let result = await send(deadlineMs);
      for (let delivery = 1; delivery < fault.deliveries; delivery += 1) result = await send(deadlineMs);
      return result;
    }
    case 'delay': {
      const wait = Math.min(fault.milliseconds, deadlineMs ?? Number.POSITIVE_INFINITY);
      await delay(wait);
      if (deadlineMs === undefined) return send(undefined);
      return deadlineMs - wait > 0
        ? send(deadlineMs - wait)
        : refused('timeout', 'Sandbox.Timedout', `no answer within ${deadlineMs} ms`, wait);
    }
  }
}

/** Names under which Lambda reports what is not the handler's doing. */
const kinds: Readonly<Record<string, Refused['kind']>> = {
  TooManyRequestsException: 'throttled',
  AccessDeniedException: 'denied',
  ResourceNotFoundException: 'missing',
  'Sandbox.Timedout': 'timeout',
  'Runtime.ExitError': 'crashed',
  'Runtime.OutOfMemory': 'crashed',
};

const missing = (functionArn: string): Refused =>
  refused('missing', 'ResourceNotFoundException', `Function not found: ${functionArn}`);

const refused = (kind: Refused['kind'], errorType: string, message: string, durationMs = 0): Refused => ({
  ok: false,
  kind,
  errorType,
  message,
  durationMs,
});
