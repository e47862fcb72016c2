import type { Caller, RouteAnswer, RouteHandler, RouteRequest } from '../../api/types.ts';
import { CiamError } from '../../core/errors.ts';
import type { FlowId } from '../../core/ids.ts';
import { deviceLabel } from '../../core/risk/request-facts.ts';
import { type BrowserSession, sessionCookie } from '../../core/session/browser-session.ts';
import { operatorScopes } from '../../core/session/claims.ts';
import { cutoffAt } from '../../core/session/cutoff.ts';
import { liveSessions } from '../../core/session/own-sessions.ts';
import type { SessionRow } from '../../core/session/registry.ts';
import { ownerOf } from '../owner.ts';
import { friendlyName } from '../security/names.ts';
import type { OwnSessionServices } from './services.ts';

type SessionView = RouteAnswer<'GET /v1/me/sessions'>['body']['sessions'][number];

/** Reads: 0.5 RRU for the cutoff and 0.5 per 4 kB of sessions; as much again for the cookie of a browser. */
export const getSessions =
  (services: OwnSessionServices): RouteHandler<'GET /v1/me/sessions'> =>
  async (request) => {
    const { caller, arrivedAt } = request;
    const [rows, cutoff, browser] = await Promise.all([
      services.rows.sessions(caller.sub),
      services.cutoff(caller.sub),
      browserOf(services, request),
    ]);
    const live = liveSessions(rows, cutoff, services.lifetimes, arrivedAt / 1000);
    const isListed = live.some(({ id }) => id === caller.sessionKey);
    return {
      status: 200,
      body: {
        sessions: [...(isListed ? [] : [unlisted(request)]), ...live.map((row) => viewOf(row, caller))],
        ...(browser && { csrf: browser.csrf }),
        operator: (browser?.scopes ?? caller.scopes).some((scope) => operatorScopes.includes(scope)),
      },
    };
  };

export const patchSession =
  (services: OwnSessionServices): RouteHandler<'PATCH /v1/me/sessions/{id}'> =>
  async (request) => {
    const { params, body, caller } = request;
    const owner = await ownerOf(request, services);
    const event = { ...owner.event('session.named', {}), flow: params.id as FlowId };
    const isNamed = await services.rows.rename(
      caller.sub,
      { kind: 'session', id: params.id },
      friendlyName(body.name),
      event,
    );
    if (!isNamed) throw unknownSession();
    return { status: 204 };
  };

/** The marker that every request is checked against comes first (1 WRU, with the event), then the list, then the pool's own session where it keeps one. */
export const deleteSession =
  (services: OwnSessionServices): RouteHandler<'DELETE /v1/me/sessions/{id}'> =>
  async (request) => {
    const { params, caller, arrivedAt } = request;
    const { id } = params;
    // Only what is in the caller's own partition, or the very session that asks.
    const row = await services.rows.session(caller.sub, id);
    if (!row && id !== caller.sessionKey) throw unknownSession();
    const owner = await ownerOf(request, services);
    await services.states.end(id, { ...owner.event('session.ended', {}), flow: id as FlowId });
    await services.rows.apply(caller.sub, { kind: 'ended', id, at: new Date(arrivedAt).toISOString() });
    if (row) await services.pool?.end(caller.sub, row);
    return { status: 204 };
  };

/**
 * Everything that began up to now, listed or not, but the session that asks. 1 WRU.
 * @throws CiamError `TOKEN_REJECTED` when that one was ended since the request was let in
 */
export const deleteOtherSessions =
  (services: OwnSessionServices): RouteHandler<'DELETE /v1/me/sessions'> =>
  async (request) => {
    const { caller, arrivedAt } = request;
    const owner = await ownerOf(request, services);
    const event = owner.event('session.ended', { scope: 'others' });
    if (await services.others.end(cutoffAt(caller.sub, arrivedAt), caller, event)) return { status: 204 };
    throw new CiamError('TOKEN_REJECTED', 'Sign in first.');
  };

const unknownSession = (): CiamError => new CiamError('SESSION_UNKNOWN', 'There is no such session.');

/** A page that was loaded anew has lost the value; only a page of ours can read it here. */
async function browserOf(
  { browsers }: OwnSessionServices,
  { cookies, headers }: Pick<RouteRequest, 'cookies' | 'headers'>,
): Promise<BrowserSession | undefined> {
  const cookie = headers.authorization === undefined ? cookies[sessionCookie] : undefined;
  return cookie === undefined ? undefined : await browsers.find(cookie);
}

const viewOf = ({ deviceId: _, endedAt: __, ...row }: SessionRow, caller: Caller): SessionView => ({
  ...row,
  methods: [...row.methods],
  current: row.id === caller.sessionKey,
});

/** The session that asks, as its token tells, until its sign-in has reached the list. */
const unlisted = ({ caller, userAgent }: RouteRequest<'GET /v1/me/sessions'>): SessionView => ({
  id: caller.sessionKey,
  current: true,
  device: deviceLabel(userAgent),
  methods: [...caller.methods],
  level: caller.level,
  client: caller.clientId,
});
