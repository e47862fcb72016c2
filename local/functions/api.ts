import { randomUUID } from 'node:crypto';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Invocation,
  type Needed,
  type Service,
} from '../platform.ts';
import type { EventQueue } from './asynchronous/event-queue.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { FunctionRuntime } from './runtime.ts';

type Api = NonNullable<Service['api']>;

const invocations = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/;

/** The one operation of the Lambda API that applications use: `Invoke`. */
export function lambdaApi(runtime: FunctionRuntime, events: EventQueue): Api {
  const target = (request: AwsRequest): LambdaFunction => {
    const name = decodeURIComponent(invocations.exec(request.path)?.[1] ?? '');
    const found = runtime.find(name);
    if (!found) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, { status: 404 });
    }
    return found;
  };
  return {
    operationOf: ({ method, path }) => (method === 'POST' && invocations.test(path) ? 'Invoke' : ''),
    needs: (request): readonly Needed[] => {
      if (request.operation !== 'Invoke') throw notImplemented(request);
      return [{ action: 'lambda:InvokeFunction', resource: target(request).specification.arn }];
    },
    handle: async (request): Promise<AwsResponse> => {
      const { arn } = target(request).specification;
      const event = parse(request.body);
      switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
        case 'DryRun':
          return { status: 204 };
        case 'Event':
          await events.accept(arn, event);
          return { status: 202 };
        default:
          return answer(await runtime.invoke(arn, event, { principal: 'internal' }));
      }
    },
  };
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}

function answer(result: Invocation): AwsResponse {
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (result.ok) return { status: 200, headers, body: JSON.stringify(result.payload) };
  if (result.kind === 'throttled') throw new AwsError(result.errorType, result.message, { status: 429 });
  const { errorType, message, trace } = result;
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify({
      errorType,
      errorMessage: message,
      ...(trace ? { trace } : { requestId: randomUUID() }),
    }),
  };
}

const notImplemented = ({ method, path }: AwsRequest): AwsError =>
  new AwsError('NotImplemented', `the local Lambda API has Invoke only, not ${method} ${path}`, {
    status: 501,
  });
