/**
 * What the parts of the local cloud know of each other. A service (one folder each) provides resource types of
 * the template, answers AWS API calls, and may serve plain HTTP. Everything else about it is private.
 */

export interface Clock {
  /** Epoch milliseconds, with the offset that tests and the console may set. */
  now(): number;
  /** Moves time forward for every function and service (milliseconds, not negative). */
  advance(milliseconds: number): void;
}

/** Durable small state of the local services. A write is on disk (or in memory with `--ephemeral`) once its promise resolves. */
export interface Store {
  collection<T>(name: string): Collection<T>;
}

/** Reads come from memory; values are plain JSON and must not be mutated by the caller after `set`. */
export interface Collection<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, value: T): Promise<void>;
  delete(key: string): Promise<void>;
  entries(): IterableIterator<[string, T]>;
  readonly size: number;
}

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** An AWS API call after the gateway has read it: JSON protocols carry `operation` from `X-Amz-Target`. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  /** Path below the service's endpoint, with its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
  readonly sourceIp: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Who signed the call. Unsigned calls are only accepted by operations that AWS leaves public (Cognito's client operations). */
export type Caller =
  | { readonly kind: 'role'; readonly roleArn: string; readonly functionName: string }
  | { readonly kind: 'operator' }
  | { readonly kind: 'anonymous' };

/** One thing the caller must be allowed to do for a call to go through. */
export interface Needed {
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
  /** IAM condition keys and values, for example `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** An error as an AWS service reports it: `name` becomes `__type`. */
export class AwsError extends Error {
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(
    name: string,
    message: string,
    options: { status?: number; extra?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = name;
    this.status = options.status ?? 400;
    this.extra = options.extra ?? {};
  }
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Every value of a repeated header, by lower-case name; `headers` has them joined. */
  readonly headerValues?: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | string;
}

export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  /** Properties of the template with every intrinsic resolved. */
  readonly properties: Record<string, unknown>;
  /** Stable suffix for names the template leaves open: the same logical id gets the same one at every start. */
  readonly suffix: string;
  /** Present when the state directory already holds this resource: its data must be kept. */
  readonly previous?: ProvisionedResource;
  /** `Metadata` of the resource in the template, for example the asset path of a function. */
  readonly metadata?: Record<string, unknown>;
}

export interface ProvisionedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ResourceProvider {
  readonly type: string;
  provision(request: ResourceRequest): Promise<ProvisionedResource>;
}

export interface Service {
  /** SigV4 service name and last part of its endpoint: `dynamodb`, `cognito-idp`, `ses`, `kms`, … */
  readonly name: string;
  readonly providers: readonly ResourceProvider[];
  /** AWS API. `needs` is asked first and every entry authorized; then `handle`. */
  readonly api?: {
    needs(request: AwsRequest): readonly Needed[];
    /** Names the operation of a REST protocol, where no header does. */
    operationOf?(request: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>): string;
    handle(request: AwsRequest): Promise<AwsResponse>;
  };
  /** Plain HTTP below a path prefix (longest prefix wins), for example `/api/` or `/_mailbox`. */
  readonly http?: readonly { readonly prefix: string; handle(request: HttpRequest): Promise<HttpResponse> }[];
  /** After all resources of the template are provisioned. */
  ready?(): Promise<void>;
  stop?(): Promise<void>;
}

export type ServiceFactory = (cloud: Cloud) => Service | Promise<Service>;

export interface InvokeOptions {
  /** Who calls, checked against the function's resource policy: `cognito-idp.amazonaws.com` with the source ARN. */
  readonly principal: string;
  readonly sourceArn?: string;
  /** Shorter than the function's own timeout, for example Cognito's 5,000 ms. */
  readonly deadlineMs?: number;
}

export type Invocation =
  | { readonly ok: true; readonly payload: unknown; readonly durationMs: number; readonly coldStart: boolean }
  | {
      readonly ok: false;
      /** `threw`: the handler rejected. Everything else is the platform's. */
      readonly kind: 'threw' | 'timeout' | 'throttled' | 'denied' | 'missing' | 'crashed';
      readonly errorType: string;
      readonly message: string;
      /** Stack of what the handler threw, for logs; never for a client. */
      readonly trace?: readonly string[];
      readonly durationMs: number;
    };

export interface Functions {
  invoke(functionArn: string, event: unknown, options: InvokeOptions): Promise<Invocation>;
}

/** Faults that tests ask for, matched in order; each is used `times` times (default once). */
export interface FaultRule {
  /** Service name, or `lambda` for invocations. */
  readonly service: string;
  /** Operation or function name (for `lambda`, the logical function name such as `sign-in`); all when absent. */
  readonly operation?: string;
  readonly effect:
    | { readonly kind: 'error'; readonly name: string; readonly message?: string; readonly status?: number }
    | { readonly kind: 'delay'; readonly milliseconds: number }
    | { readonly kind: 'garbage' }
    /** Lambda only: deliver the event this many times, answer with the last result. */
    | { readonly kind: 'duplicate'; readonly deliveries: number };
  readonly times?: number;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** Rules that are not used up, with the times that are left. */
  armed?(): readonly FaultRule[];
  /** Takes the next matching effect, if any. */
  take(service: string, operation: string): FaultRule['effect'] | undefined;
}

/** Counted calls, for benches, the cost model and the list of used grants. */
export interface Meter {
  count(name: string, by?: number): void;
  read(): Readonly<Record<string, number>>;
  reset(): void;
}

export interface Cloud {
  readonly region: string;
  readonly accountId: string;
  readonly stage: string;
  /** `http://127.0.0.1:<port>`; AWS endpoints are `<url>/_aws/<service>`. */
  readonly url: string;
  /** Working directory, `.vestibule/` unless told. */
  readonly directory: string;
  readonly ephemeral: boolean;
  readonly clock: Clock;
  readonly store: Store;
  readonly log: Log;
  readonly functions: Functions;
  readonly faults: Faults;
  readonly meter: Meter;
  /** What `outputs.json` holds: ids and endpoints; `undefined` until everything is provisioned. */
  outputs?(): Readonly<Record<string, unknown>> | undefined;
  /** Another service of this cloud, for what is internal in AWS too (Cognito sending mail through SES). */
  service<T extends Service>(name: string): T;
}
