import { createContext, Script } from 'node:vm';
import { AwsError, type HttpRequest, type HttpResponse } from '../../platform.ts';

/** CloudFront takes no larger function. */
const codeLimitBytes = 10_240;
/** CloudFront stops one after about 1 ms of its own; here it is time on the wall, on a machine that may be busy. */
const timeLimitMs = 2_000;

interface EdgeValue {
  readonly value: string;
}
interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, EdgeValue>>;
}
interface EdgeResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, EdgeValue>>;
  readonly body?: string | { readonly data: string };
}

/** What a viewer-request function made of a request: another one, or the answer. */
export type EdgeOutcome =
  | { readonly kind: 'request'; readonly request: HttpRequest }
  | { readonly kind: 'response'; readonly response: HttpResponse };

/** Code of a CloudFront Function (`cloudfront-js-2.0`), run in a context that has nothing but the language. */
export class EdgeFunction {
  private readonly context = createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  });
  private readonly call: Script;
  private readonly name: string;

  /** @throws AwsError when CloudFront would not take the code */
  constructor(name: string, code: string) {
    this.name = name;
    if (Buffer.byteLength(code) > codeLimitBytes) {
      throw new AwsError('FunctionSizeLimitExceeded', `${name}: more than ${codeLimitBytes} bytes of code`);
    }
    new Script(code, { filename: `${name}.js` }).runInContext(this.context, { timeout: timeLimitMs });
    this.call = new Script(`(${invoke})(handler, event)`, { filename: `${name}.call.js` });
  }

  /** @throws AwsError for a function that fails, which CloudFront answers with 503 */
  onViewerRequest(request: HttpRequest, distributionId: string): EdgeOutcome {
    const [question, cookie] = [request.query.toString(), request.headers.cookie];
    const { cookie: _, ...headers } = request.headers;
    const event = {
      version: '1.0',
      context: { eventType: 'viewer-request', distributionId },
      viewer: { ip: request.sourceIp },
      request: {
        method: request.method,
        uri: request.path,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
        rawQuery: question,
      },
    };
    const outcome = this.run(event);
    if ('statusCode' in outcome) return { kind: 'response', response: responseOf(outcome) };
    return { kind: 'request', request: requestOf(outcome, request, cookie) };
  }

  private run(event: unknown): EdgeRequest | EdgeResponse {
    this.context.event = JSON.stringify(event);
    try {
      const answered: unknown = this.call.runInContext(this.context, { timeout: timeLimitMs });
      return JSON.parse(String(answered)) as EdgeRequest | EdgeResponse;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new AwsError('FunctionExecutionError', `${this.name}: ${message}`, { status: 503 });
    }
  }
}

/** Runs inside the context, so that no object of ours is in reach of the code; in and out go as text. */
const invoke = `function (handle, text) {
  const event = JSON.parse(text);
  const query = event.request.rawQuery;
  delete event.request.rawQuery;
  event.request.rawQueryString = () => query;
  return JSON.stringify(handle(event));
}`;

/** Query and cookies stay as they came: no function of ours changes them. */
function requestOf(
  { uri, headers }: EdgeRequest,
  before: HttpRequest,
  cookie: string | undefined,
): HttpRequest {
  const after: Record<string, string> = {
    ...Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value])),
    ...(cookie !== undefined && { cookie }),
  };
  const values = Object.entries(after).map(([name, value]): [string, readonly string[]] => [
    name,
    before.headers[name] === value ? (before.headerValues?.[name] ?? [value]) : [value],
  ]);
  return { ...before, path: uri, headers: after, headerValues: Object.fromEntries(values) };
}

const responseOf = ({ statusCode, headers = {}, body }: EdgeResponse): HttpResponse => ({
  status: statusCode,
  headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
  ...(body !== undefined && { body: typeof body === 'string' ? body : body.data }),
});
