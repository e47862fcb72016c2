import { connectionPool, NoAnswer, type RawAnswer } from './connection.ts';
import { type AwsCredentials, requestSigner } from './signature.ts';

/** A service that speaks one of AWS's JSON protocols. */
export interface AwsJsonService {
  /** SigV4 name and first label of the endpoint, for example `dynamodb`. */
  readonly name: string;
  /** Of `AWS_ENDPOINT_URL_<ID>`. */
  readonly environmentId: string;
  /** Of `X-Amz-Target`, for example `DynamoDB_20120810`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** Refusals, beside those every service has, that ask for another try. */
  readonly transient?: readonly string[];
  /** Operations that take no signature. */
  readonly unsigned?: readonly string[];
  /** Operations whose success has nothing to say: nothing at all is as good as `{}`. */
  readonly silent?: readonly string[];
  /** Member whose text is bytes, wherever it stands in an answer. */
  readonly binary?: string;
}

export interface AwsJsonOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  /** Tries in all. @default 3 */
  readonly attempts?: number;
  /** @default 300 */
  readonly connectTimeoutMs?: number;
  /** Of one try, from request to the end of the answer. @default 1200 */
  readonly requestTimeoutMs?: number;
}

export interface AwsJsonClient {
  /** @throws AwsRefusal for what the service refuses; NoAnswer when it cannot be reached in time */
  call(operation: string, input: object): Promise<unknown>;
  /** Closes idle connections; a later call opens new ones. */
  destroy(): void;
}

/** A refusal, named as the API names it (`ConditionalCheckFailedException`). Its text may quote input: never log it. */
export class AwsRefusal extends Error {
  /** As in the AWS SDK, so that an error of AWS's is told from one of ours. */
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };
  /** Why each item of a cancelled DynamoDB transaction was refused, in the order it was sent. */
  readonly CancellationReasons?: readonly { readonly Code?: string }[];

  constructor({ status, headers, body }: RawAnswer) {
    const said = readRefusal(body);
    super(said.message ?? said.Message ?? `HTTP ${status}`);
    this.name =
      bareName(said.__type ?? headers['x-amzn-errortype']) ??
      (status >= 500 ? 'InternalServerError' : 'UnknownError');
    const requestId = headers['x-amzn-requestid'];
    this.$metadata = { httpStatusCode: status, ...(requestId && { requestId }) };
    if (said.CancellationReasons) this.CancellationReasons = said.CancellationReasons;
  }
}

/** A namespace may stand before an error's name, and an address behind it. */
const bareName = (type: string | undefined): string | undefined => type?.split(':', 1)[0]?.split('#').at(-1);

interface Refusal {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

function readRefusal(body: Buffer): Refusal {
  try {
    const said: unknown = JSON.parse(body.toString('utf8'));
    return typeof said === 'object' && said !== null ? said : {};
  } catch {
    return {}; // a proxy's page; the status says enough
  }
}

/** A garbled answer is a fault on the way, like a 5xx of a proxy; the parser's own error would quote it. */
function readAnswer({ headers, body }: RawAnswer, { binary }: AwsJsonService): unknown {
  try {
    const text = body.toString('utf8');
    if (binary === undefined || !text.includes(`"${binary}":"`)) return JSON.parse(text);
    return JSON.parse(text, (key, value: unknown) =>
      key === binary && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value,
    );
  } catch {
    throw new AwsRefusal({ status: 502, headers, body: Buffer.alloc(0) });
  }
}

/** Bytes travel as base64. A `Buffer` turns itself into a list of numbers before it is handed over, so it is looked up. */
function binaryAsText(this: unknown, key: string, value: unknown): unknown {
  const given = (this as Readonly<Record<string, unknown>>)[key];
  return given instanceof Uint8Array ? Buffer.from(given).toString('base64') : value;
}

const alwaysTransient = [
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequestsException',
];
const firstPauseMs = 25;
/** Not signed. The core rules of a web ACL, which a user pool may have, block whoever names no agent. */
const agent = { 'user-agent': 'vestibule' };

/**
 * A client for the functions on the sign-in path, without the AWS SDK: one hand-signed request over a kept connection
 * per call. Against the SDK's DynamoDB client it initialises in a quarter of the time, and a warm call costs a third of
 * the processor time (docs/performance.md). Credentials are those of its environment, read once, as Lambda sets them.
 */
export function awsJsonClient(service: AwsJsonService, options: AwsJsonOptions): AwsJsonClient {
  const { region, endpoint, credentials, attempts = 3 } = options;
  const { host, pathname: path } = new URL(endpoint);
  const contentType = `application/x-amz-json-${service.version}`;
  const transient = new Set([...alwaysTransient, ...(service.transient ?? [])]);
  const sign = requestSigner(service.name, region, credentials);
  const connections = connectionPool(endpoint, {
    connectTimeoutMs: options.connectTimeoutMs ?? 300,
    requestTimeoutMs: options.requestTimeoutMs ?? 1_200,
  });
  const headersFor = (operation: string, body: string) => {
    const target = `${service.target}.${operation}`;
    return service.unsigned?.includes(operation)
      ? { 'content-type': contentType, 'x-amz-target': target }
      : sign({ host, path, target, contentType, body }, new Date());
  };
  const once = async (operation: string, body: string): Promise<unknown> => {
    const headers = headersFor(operation, body);
    const answer = await connections.send({ ...agent, ...headers }, body);
    if (answer.status !== 200) throw new AwsRefusal(answer);
    if (answer.body.length === 0 && service.silent?.includes(operation)) return {};
    return readAnswer(answer, service);
  };
  const isWorthAnotherTry = (error: unknown): boolean =>
    error instanceof NoAnswer ||
    (error instanceof AwsRefusal && (error.$metadata.httpStatusCode >= 500 || transient.has(error.name)));
  return {
    call: async (operation, input) => {
      const body = JSON.stringify(input, binaryAsText);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(operation, body);
        } catch (error) {
          if (attempt >= attempts || !isWorthAnotherTry(error)) throw error;
          await pause(Math.random() * firstPauseMs * 2 ** attempt);
        }
      }
    },
    destroy: () => connections.close(),
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Region, credentials and endpoint as Lambda sets them.
 * @throws Error naming the missing variable
 */
export function environmentOptions(service: AwsJsonService, env: Environment = process.env): AwsJsonOptions {
  const needed = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`environment: ${name}: expected a value`);
    return value;
  };
  const region = needed('AWS_REGION');
  const sessionToken = env.AWS_SESSION_TOKEN;
  return {
    region,
    endpoint:
      env[`AWS_ENDPOINT_URL_${service.environmentId}`] ??
      env.AWS_ENDPOINT_URL ??
      `https://${service.name}.${region}.amazonaws.com`,
    credentials: {
      accessKeyId: needed('AWS_ACCESS_KEY_ID'),
      secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken && { sessionToken }),
    },
  };
}
