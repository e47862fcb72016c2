import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { BrowserSessions } from '../adapters/browser-sessions.ts';
import type { ReadSessionCutoff } from '../adapters/session-cutoffs.ts';
import type { SessionState, SessionStates } from '../adapters/session-states.ts';
import { readCookies } from '../api/cookies.ts';
import { edgeHeader } from '../api/viewer-address.ts';
import { csrfHeader } from '../core/request-headers.ts';
import type { Method } from '../core/risk/decision.ts';
import type { AssuranceLevel } from '../core/session/assurance.ts';
import { isIntended, isReplaced, scopesNow, sessionCookie } from '../core/session/browser-session.ts';
import { isSessionOver } from '../core/session/cutoff.ts';
import { sessionKeyOf } from '../core/session/key.ts';
import {
  isSessionAlive,
  levelNow,
  type SessionLifetimes,
  touchIntervalSeconds,
} from '../core/session/lifetimes.ts';
import type { Clock } from '../ports.ts';
import type { AccessToken, ReadAccessToken } from './access-tokens.ts';

export interface AuthorizerPorts {
  readonly readAccessToken: ReadAccessToken;
  readonly states: Pick<SessionStates, 'find' | 'link'>;
  readonly cutoff: ReadSessionCutoff;
  readonly browsers: Pick<BrowserSessions, 'find' | 'touch'>;
  readonly lifetimes: SessionLifetimes;
  /** Origins whose pages may act with a cookie; exact. */
  readonly origins: readonly string[];
  /** Client of the Identity API, whose refreshes always name their flow. */
  readonly serverClientId: string;
  readonly clock: Clock;
}

/** A session as the request brings it, before anything that happened to it since. */
interface Presented {
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: string;
  readonly flow?: string;
  readonly originJti?: string;
  readonly sessionKey: string;
  readonly level: AssuranceLevel | 0;
  readonly methods: readonly Method[];
  readonly startedAt: number;
  readonly seenAt: number;
}

/**
 * Lets a request through that brings an access token or the cookie of a session that goes on; the scope of a route is
 * checked where the route is known. Nothing is cached: an ended session is out at the next request.
 *
 * Reads: 1 RRU with a token (state and cutoff, at once), 1.5 with a cookie. Writes: 1 WRU per touch interval of a
 * cookie, 2 once for a session of an SDK.
 * @throws when keys or sessions cannot be read: API Gateway then answers 500
 */
export async function authorize(
  ports: AuthorizerPorts,
  event: APIGatewayRequestAuthorizerEvent,
): Promise<APIGatewayAuthorizerResult> {
  const headers = headerValues(event);
  // Whoever sends a token is asked for that alone: a bad one is not made good by a cookie.
  const presented =
    headers('authorization').length > 0
      ? await fromToken(ports, headers('authorization'))
      : await fromCookie(ports, event, headers);
  const standing = presented && (await standingOf(ports, presented));
  if (!standing) return policy('Deny', 'nobody', event);
  return { ...policy('Allow', standing.sub, event), context: contextOf(standing) };
}

type Headers = (name: string) => readonly string[];

const headerValues = ({ multiValueHeaders }: APIGatewayRequestAuthorizerEvent): Headers => {
  const all = Object.entries(multiValueHeaders ?? {});
  return (name) => all.flatMap(([key, values]) => (key.toLowerCase() === name ? (values ?? []) : []));
};

const bearer = /^[Bb]earer ([A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{1,1024})$/;

async function fromToken(
  { readAccessToken }: AuthorizerPorts,
  [header = '', ...more]: readonly string[],
): Promise<Presented | undefined> {
  const [, jwt] = (more.length === 0 && bearer.exec(header)) || [];
  const token = jwt === undefined ? undefined : await readAccessToken(jwt);
  return token && presentedBy(token);
}

const presentedBy = (token: AccessToken): Presented => ({
  sub: token.sub,
  clientId: token.clientId,
  scopes: token.scopes,
  ...(token.flow && { flow: token.flow }),
  originJti: token.originJti,
  sessionKey: sessionKeyOf(token),
  level: token.aal === 1 || token.aal === 2 ? token.aal : 0,
  methods: token.methods,
  startedAt: token.startedAt,
  // A token lives for minutes: having it is as good as having been seen.
  seenAt: token.issuedAt,
});

async function fromCookie(
  { browsers, lifetimes, origins, clock }: AuthorizerPorts,
  { httpMethod, multiValueHeaders }: APIGatewayRequestAuthorizerEvent,
  headers: Headers,
): Promise<Presented | undefined> {
  const token = readCookies(multiValueHeaders)[sessionCookie];
  const session = token === undefined ? undefined : await browsers.find(token);
  const now = Math.floor(clock.now() / 1000);
  if (!token || !session || isReplaced(session, now) || !isSessionAlive(session, lifetimes, now))
    return undefined;
  const [origin, ...furtherOrigins] = headers('origin');
  const [csrf, ...furtherValues] = headers(csrfHeader);
  const [site] = headers('sec-fetch-site');
  if (furtherOrigins.length > 0 || furtherValues.length > 0) return undefined;
  const throughPortal = headers(edgeHeader).length > 0;
  if (!isIntended({ method: httpMethod, origin, csrf, site, throughPortal }, session, origins))
    return undefined;
  if (now - session.seenAt >= touchIntervalSeconds(lifetimes)) await browsers.touch(token, now);
  return {
    sub: session.sub,
    clientId: session.clientId,
    scopes: scopesNow(session, now).join(' '),
    ...(session.flow && { flow: session.flow }),
    sessionKey: session.sessionKey,
    level: session.level,
    methods: session.methods,
    startedAt: session.startedAt,
    seenAt: session.seenAt,
  };
}

interface Standing extends Omit<Presented, 'originJti' | 'startedAt' | 'seenAt'> {
  readonly authenticatedAt: number;
}

/** Ended by itself, with all others of the person, or raised by a step-up: two reads at once, 0.5 RRU each. */
async function standingOf(ports: AuthorizerPorts, presented: Presented): Promise<Standing | undefined> {
  const { states, cutoff, clock, lifetimes } = ports;
  const [found, standingCutoff] = await Promise.all([
    states.find(presented.sessionKey),
    cutoff(presented.sub),
  ]);
  if (found?.isEnded || isSessionOver(presented, standingCutoff)) return undefined;
  const linked = await followLink(ports, presented, found);
  if (linked.state?.isEnded || isSessionOver(linked.session, standingCutoff)) return undefined;
  const { session, state } = linked;
  const isRaised = (state?.assurance?.authenticatedAt ?? 0) >= session.startedAt;
  const proof =
    isRaised && state?.assurance ? state.assurance : { ...session, authenticatedAt: session.startedAt };
  return {
    ...session,
    level: levelNow(
      proof.level,
      { authenticatedAt: proof.authenticatedAt, seenAt: session.seenAt },
      lifetimes,
      clock.now() / 1000,
    ),
    methods: proof.methods,
    authenticatedAt: proof.authenticatedAt,
  };
}

/**
 * Tokens that an SDK refreshed at Cognito name no flow. The first token of the session did, and tied its `origin_jti`
 * to it: so the session keeps its name and its level here, and ends when it is ended. 0.5 RRU more for such a token.
 */
async function followLink(
  { states, serverClientId }: AuthorizerPorts,
  session: Presented,
  state: SessionState | undefined,
): Promise<{ readonly session: Presented; readonly state: SessionState | undefined }> {
  const { flow, originJti } = session;
  if (flow === undefined && state?.flow !== undefined) {
    const named = { ...session, flow: state.flow, sessionKey: state.flow };
    return { session: named, state: await states.find(state.flow) };
  }
  if (
    flow !== undefined &&
    originJti !== undefined &&
    session.clientId !== serverClientId &&
    !state?.isLinked
  ) {
    const { level, methods, startedAt: authenticatedAt } = session;
    await states.link(originJti, flow, level === 0 ? undefined : { level, methods, authenticatedAt });
  }
  return { session, state };
}

/** For this very method: the answer is not kept for another. */
const policy = (
  effect: 'Allow' | 'Deny',
  principalId: string,
  { methodArn }: APIGatewayRequestAuthorizerEvent,
): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    // `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`; a path may hold wildcards.
    Statement: [
      {
        Effect: effect,
        Action: 'execute-api:Invoke',
        Resource: `${methodArn.split('/').slice(0, 3).join('/')}/*`,
      },
    ],
  },
});

/** Flat values only: API Gateway takes nothing else. */
const contextOf = ({
  sub,
  scopes,
  clientId,
  sessionKey,
  flow,
  level,
  methods,
  authenticatedAt,
}: Standing) => ({
  sub,
  scopes,
  clientId,
  sessionKey,
  ...(flow && { flow }),
  level,
  methods: methods.join(' '),
  authenticatedAt,
});
