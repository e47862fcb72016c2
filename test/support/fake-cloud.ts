import type {
  Cloud,
  Collection,
  FaultRule,
  Invocation,
  InvokeOptions,
  Log,
  ProvisionedResource,
  ResourceRequest,
  Service,
} from '../../local/platform.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: Record<string, unknown>;
}

export interface FakeInvocation {
  readonly functionArn: string;
  readonly event: unknown;
  readonly options: InvokeOptions;
}

/** A cloud with a clock that only tests move, functions that tests write, and no network or disk. */
export class FakeCloud implements Cloud {
  readonly region = 'eu-central-1';
  readonly accountId = '000000000000';
  readonly stage = 'dev';
  readonly url = 'http://127.0.0.1:4400';
  readonly directory = '/nowhere';
  readonly ephemeral = true;
  readonly logged: LogLine[] = [];
  readonly invocations: FakeInvocation[] = [];
  readonly faultRules: FaultRule[] = [];
  private nowMs: number;
  private readonly services = new Map<string, Service>();
  private readonly handlers = new Map<string, (event: unknown) => Invocation | Promise<Invocation>>();

  constructor(nowMs = Date.parse('2026-11-22T12:00:00Z')) {
    this.nowMs = nowMs;
  }

  readonly clock = {
    now: (): number => this.nowMs,
    advance: (milliseconds: number): void => {
      this.nowMs += milliseconds;
    },
  };

  readonly log: Log = {
    info: (message, fields) => this.note('info', message, fields),
    warn: (message, fields) => this.note('warn', message, fields),
    error: (message, fields) => this.note('error', message, fields),
  };

  readonly functions = {
    invoke: async (functionArn: string, event: unknown, options: InvokeOptions): Promise<Invocation> => {
      this.invocations.push({ functionArn, event, options });
      const handler = this.handlers.get(functionArn);
      if (handler === undefined) return failed('missing', 'ResourceNotFoundException', functionArn);
      return handler(event);
    },
  };

  readonly faults = {
    add: (rule: FaultRule): void => void this.faultRules.push(rule),
    clear: (): void => void this.faultRules.splice(0),
    take: () => undefined,
  };

  readonly store = { collection: <T>(): Collection<T> => new MemoryCollection<T>() };

  private readonly counts: Record<string, number> = {};
  readonly meter = {
    count: (name: string, by = 1): void => {
      this.counts[name] = (this.counts[name] ?? 0) + by;
    },
    read: () => ({ ...this.counts }),
    reset: (): void => {
      for (const name of Object.keys(this.counts)) delete this.counts[name];
    },
  };

  service<T extends Service>(name: string): T {
    const service = this.services.get(name);
    if (service === undefined) throw new Error(`no service "${name}"`);
    return service as T;
  }

  add<T extends Service>(service: T): T {
    this.services.set(service.name, service);
    return service;
  }

  /** Sets what a function answers; a plain value is a successful payload. */
  answer(functionArn: string, handler: (event: unknown) => Invocation | Promise<Invocation>): void {
    this.handlers.set(functionArn, handler);
  }

  private note(level: LogLine['level'], message: string, fields?: Record<string, unknown>): void {
    this.logged.push({ level, message, ...(fields === undefined ? {} : { fields }) });
  }
}

class MemoryCollection<T> implements Collection<T> {
  private readonly values = new Map<string, T>();
  get = (key: string): T | undefined => this.values.get(key);
  has = (key: string): boolean => this.values.has(key);
  set = async (key: string, value: T): Promise<void> => void this.values.set(key, value);
  delete = async (key: string): Promise<void> => void this.values.delete(key);
  entries = (): IterableIterator<[string, T]> => this.values.entries();
  get size(): number {
    return this.values.size;
  }
}

export const succeeded = (payload: unknown): Invocation => ({
  ok: true,
  payload,
  durationMs: 3,
  coldStart: false,
});

export const failed = (
  kind: Extract<Invocation, { ok: false }>['kind'],
  errorType: string,
  message: string,
  durationMs = 3,
): Invocation => ({ ok: false, kind, errorType, message, durationMs });

/** Provisions a resource through the service that owns its type. */
export async function provision(
  service: Service,
  type: string,
  logicalId: string,
  properties: Record<string, unknown>,
): Promise<ProvisionedResource> {
  const provider = service.providers.find((candidate) => candidate.type === type);
  if (provider === undefined) throw new Error(`${service.name} does not provide ${type}`);
  const request: ResourceRequest = { logicalId, type, properties, suffix: 'A1B2C3D4' };
  return provider.provision(request);
}
