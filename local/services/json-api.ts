import { AwsError, type AwsRequest, type AwsResponse, type Needed, type Service } from '../platform.ts';
import { Fields } from './fields.ts';

/** One operation of a JSON-protocol service; the body is parsed once and shared by both steps. */
export interface Operation {
  needs(input: Fields, request: AwsRequest): readonly Needed[];
  /** The answer as JSON value; `undefined` is an empty body. */
  handle(input: Fields, request: AwsRequest): unknown;
}

export type Operations = Readonly<Record<string, Operation>>;

interface JsonApiOptions {
  readonly contentType?: string;
  /** The service's own name for a malformed value. */
  readonly invalid?: string;
}

/** AWS JSON 1.0/1.1: the operation comes from the target header, input and answer are JSON documents. */
export function jsonApi(
  service: string,
  operations: Operations,
  options: JsonApiOptions = {},
): NonNullable<Service['api']> {
  const parsed = new WeakMap<AwsRequest, Fields>();
  const input = (request: AwsRequest): Fields => {
    const known = parsed.get(request) ?? new Fields(parse(request.body), options.invalid);
    parsed.set(request, known);
    return known;
  };
  const find = (name: string): Operation => operations[name] ?? unknownOperation(service, name);
  return {
    needs: (request) => find(request.operation).needs(input(request), request),
    handle: async (request) =>
      json(await find(request.operation).handle(input(request), request), options.contentType),
  };
}

/** Nothing pretends: an operation that is not there says so by name. */
export function unknownOperation(service: string, operation: string): never {
  throw new AwsError(
    'UnknownOperationException',
    `${service}: the local cloud does not implement ${operation || 'this request'}`,
  );
}

export const json = (value: unknown, contentType = 'application/x-amz-json-1.1'): AwsResponse => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: value === undefined ? '' : JSON.stringify(value),
});

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the request body is not valid JSON');
  }
}
