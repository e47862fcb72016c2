import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { CiamError, httpStatus } from '../core/errors.ts';
import type { Clock } from '../ports.ts';
import { type AnswerFrame, type PlainAnswer, problemAnswer, successAnswer } from './answer.ts';
import { type ReadBestLevel, requireAssurance } from './assurance.ts';
import { asCiamError } from './problem.ts';
import { type CheckedRequest, checkRequest, headersOf, requestIdOf } from './request.ts';
import { routesOf } from './routes.ts';
import type { ApiFunction, Handlers, Route } from './types.ts';
import { holdAnswer, timerWait, type Wait } from './uniform.ts';
import { edgeHeader, viewerAddress } from './viewer-address.ts';

export interface DispatchOptions {
  readonly clock: Clock;
  /** Origins that browsers may call from; exact match. */
  readonly origins: readonly string[];
  /** Sent by the portal's distribution, whose word on a viewer's address then counts. @default - nobody's does */
  readonly edgeSecret?: () => Promise<string>;
  /** Step of the answer times of routes marked `uniform`, in milliseconds. @default 0, no holding back */
  readonly uniformAnswerMs?: number;
  /** Best level that a person can reach. @default 2 for everybody, on routes that demand the best that is enrolled */
  readonly bestLevel?: ReadBestLevel;
  /** @default timers */
  readonly wait?: Wait;
  /** @default one JSON line on standard error */
  readonly log?: (fault: FaultLine) => void;
}

/** One line per fault of ours. It names code, place and error class, and never quotes an error's text or the input. */
export interface FaultLine {
  readonly level: 'error';
  /** `edge-unread`: the request went on, counted by the address of the distribution. */
  readonly event: 'request-failed' | 'edge-unread';
  readonly code: string;
  readonly route: string;
  readonly requestId: string;
  /** Error class and frames of the error and of each cause. */
  readonly causes: readonly { readonly name: string; readonly frames: readonly string[] }[];
}

export type ProxyHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

type LooseHandler = (request: CheckedRequest) => Promise<PlainAnswer>;

/** The handler of one function: finds the route, checks the request, answers or explains. It never rejects. */
export function dispatch<F extends ApiFunction>(
  name: F,
  handlers: Handlers<F>,
  options: DispatchOptions,
): ProxyHandler {
  const routes = new Map(routesOf(name).map((route) => [route.id, route]));
  // `Handlers<F>` has made sure that each handler takes what `checkRequest` makes of its own route.
  const { log = logLine } = options;
  const byId = handlers as unknown as Readonly<Record<string, LooseHandler>>;
  return async (event) => {
    const arrivedAt = options.clock.now();
    const id = `${event.httpMethod} ${event.resource}`;
    const frame = frameOf(event, options.origins);
    const route = routes.get(id);
    const handle = byId[id];
    try {
      if (!route || !handle) throw new CiamError('ROUTE_NOT_FOUND', 'There is nothing here.');
      const sourceIp = await viewerAddress(event, headersOf(event), {
        ...options,
        edgeUnread: (error) => log(faultLine('edge-unread', asCiamError(error), route.id, frame)),
      });
      const request = checkRequest(route, event, { at: arrivedAt, sourceIp });
      if (route.assurance && request.caller) {
        await requireAssurance(request.caller, route.assurance, arrivedAt / 1000, options.bestLevel);
      }
      return successAnswer(await answerInTime(route, () => handle(request), arrivedAt, options), frame);
    } catch (thrown) {
      const error = asCiamError(thrown);
      if (httpStatus[error.code] >= 500) log(faultLine('request-failed', error, route?.id ?? 'none', frame));
      return problemAnswer(error, frame);
    }
  };
}

/** What the handler says, not before its time. A refused form has nothing to do with an account and is not held. */
async function answerInTime(
  route: Route,
  handle: () => Promise<PlainAnswer>,
  arrivedAt: number,
  { clock, wait = timerWait, uniformAnswerMs = 0 }: DispatchOptions,
): Promise<PlainAnswer> {
  const hold = () => holdAnswer(arrivedAt, uniformAnswerMs, { clock, wait });
  try {
    const answer = await handle();
    if (route.uniform === 'all' || (route.uniform === 'challenges' && isChallenge(answer))) await hold();
    return answer;
  } catch (error) {
    if (route.uniform) await hold();
    throw error;
  }
}

const isChallenge = ({ body }: PlainAnswer): boolean =>
  typeof body === 'object' && body !== null && 'state' in body && body.state === 'challenge';

/**
 * Through the portal's distribution no other origin may read, however well we know it: pages and API are one origin there,
 * and the cookie is that of whoever looks after an account, or after all of them. An app has the API's own address, with a
 * cookie of its own. That the header is there is enough: who forges it only loses.
 */
function frameOf(event: APIGatewayProxyEvent, origins: readonly string[]): AnswerFrame {
  const { origin, [edgeHeader]: edge } = headersOf(event);
  const isAllowed = origin !== undefined && edge === undefined && origins.includes(origin);
  return { requestId: requestIdOf(event), ...(isAllowed && { allowedOrigin: origin }) };
}

function faultLine(
  event: FaultLine['event'],
  error: CiamError,
  route: string,
  { requestId }: AnswerFrame,
): FaultLine {
  return {
    level: 'error',
    event,
    code: error.code,
    route,
    requestId,
    causes: causesOf(error.cause ?? error),
  };
}

/** At most four levels: enough to see what failed underneath, bounded against cycles. */
function causesOf(error: unknown, depth = 0): FaultLine['causes'] {
  if (!(error instanceof Error) || depth > 3) return [];
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [
    { name: error.name, frames: frames.slice(0, 5).map((frame) => frame.trim()) },
    ...causesOf(error.cause, depth + 1),
  ];
}

const logLine = (fault: FaultLine): void => console.error(JSON.stringify(fault));
