import { invalid } from '../api/problem.ts';
import type { Handlers, RouteAnswer, RouteHandler, RouteRequest } from '../api/types.ts';
import { findPerson, type Sought } from '../core/administration/find-person.ts';
import { type OperatorRequest, operatorEvent } from '../core/administration/operator-event.ts';
import {
  endAllSessions,
  forceReset,
  lockAccount,
  startRecoveryFor,
  unlockAccount,
} from '../core/administration/people.ts';
import { toldAct } from '../core/administration/told-act.ts';
import type { AuditEventType } from '../core/audit/event.ts';
import type { Factors } from '../core/factor/factor.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import type { Sub } from '../core/ids.ts';
import { identityPseudonym } from '../core/linking/identity.ts';
import { type Recovery, stateAt } from '../core/recovery/recovery.ts';
import { operatorOf } from './request.ts';
import type { AdminServices } from './services.ts';

type LookUpRequest = RouteRequest<'POST /v1/admin/people/look-up'>;
type PersonBody = RouteAnswer<'POST /v1/admin/people/look-up'>['body'];

/** Events of one person that an operator sees at once. */
const activityShown = 20;

/**
 * By sub, 1 or 2 calls of the user pool; by address, 2 and 1 RRU; by a provider's id, 1 to 3 and 1 RRU. Reads 6 to 9 RRU;
 * the event, 1 WRU, comes before the answer.
 */
const lookUp =
  ({
    people,
    finding,
    activity,
    attempts,
    links,
    outbox,
    pseudonyms,
  }: AdminServices): RouteHandler<'POST /v1/admin/people/look-up'> =>
  async (request) => {
    const { body, arrivedAt } = request;
    const by = operatorOf(request, body);
    const sought = await soughtBy(pseudonyms, body);
    const { account, others } = await findPerson(
      { ...finding, directory: people.directory, outbox },
      by,
      sought,
      people.random.ulid(arrivedAt),
    );
    const { sub, status, enabled, createdAt, address } = account;
    const { before } = body;
    const looked = { by: sought.kind, ...(before !== undefined && { part: 'activity' }) };
    await outbox.put(operatorEvent(by, people.random.ulid(arrivedAt), 'account.looked-up', sub, looked));
    const [known, recent, linked, tried] = await Promise.all([
      people.accounts.read(sub),
      activity.recent(sub, {
        limit: activityShown,
        now: arrivedAt,
        ...(before !== undefined && { before }),
      }),
      links.list(sub),
      // Of the first page; older ones are in the archive.
      address && before === undefined
        ? attempts(await pseudonyms.of('identifier', address), { limit: activityShown, now: arrivedAt })
        : [],
    ]);
    const { lock, factors, recovery, sessions } = known;
    return {
      status: 200,
      body: {
        sub,
        status,
        enabled,
        ...(createdAt && { createdAt }),
        ...(lock && { lock: { ...lock } }),
        factors: factorsShown(factors),
        links: linked.map(({ identity: { provider }, primary, linkedAt }) => ({
          provider,
          primary,
          linkedAt,
        })),
        recovery: recoveryShown(recovery, arrivedAt),
        sessions: sessions.map((session) => ({ ...session })),
        activity: [...recent.events],
        attempts: [...tried],
        ...(recent.next && { next: recent.next }),
        others: [...others],
      },
    };
  };

/** Exactly one of the three, and exactly one of each: there is no search. */
async function soughtBy(
  pseudonyms: AdminServices['pseudonyms'],
  { identifier, sub, identity }: LookUpRequest['body'],
): Promise<Sought> {
  if ([identifier, sub, identity].filter((given) => given !== undefined).length !== 1)
    throw invalid('', 'give exactly one of identifier, sub and identity');
  if (sub !== undefined) return { kind: 'sub', sub: sub as Sub };
  if (identity) return { kind: 'identity', pseudonym: await identityPseudonym(pseudonyms, identity) };
  const address = canonicalIdentifier(identifier ?? '');
  if (!address) throw invalid('/identifier', 'must be exactly one e-mail address');
  return {
    kind: 'address',
    identifier: address,
    pseudonym: await pseudonyms.of('identifier', address),
  };
}

const factorsShown = ({ passkeys, totp, phone, recoveryCodes }: Factors): PersonBody['factors'] => ({
  passkeys: passkeys.length,
  totp: totp !== undefined,
  phone: phone !== undefined,
  recoveryCodesLeft: recoveryCodes?.hashes.length ?? 0,
});

const recoveryShown = (recovery: Recovery | undefined, now: number): PersonBody['recovery'] => ({
  state: stateAt(recovery, now),
  ...(recovery && {
    by: recovery.by,
    readyAt: new Date(recovery.readyAt).toISOString(),
    expiresAt: new Date(recovery.expiresAt).toISOString(),
  }),
});

type ActRequest = RouteRequest<'POST /v1/admin/people/{sub}/unlock'>;

export const peopleRoutes = (services: AdminServices) => {
  const { people } = services;
  const act = <T>(
    request: Pick<ActRequest, 'caller' | 'arrivedAt' | 'params' | 'body'>,
    what: AuditEventType,
    perform: (by: OperatorRequest, sub: Sub) => Promise<T>,
  ): Promise<T> => {
    const by = operatorOf(request, request.body);
    const sub = request.params.sub as Sub;
    return toldAct(people, by, { act: what, sub }, () => perform(by, sub));
  };
  return {
    'POST /v1/admin/people/look-up': lookUp(services),
    'POST /v1/admin/people/{sub}/lock': async (request) => {
      const { already } = await act(request, 'account.locked', (by, sub) =>
        lockAccount(people, by, sub, request.body.note),
      );
      return { status: 200, body: { state: 'locked', already } };
    },
    'POST /v1/admin/people/{sub}/unlock': async (request) => {
      const { already } = await act(request, 'account.unlocked', (by, sub) => unlockAccount(people, by, sub));
      return { status: 200, body: { state: 'unlocked', already } };
    },
    'POST /v1/admin/people/{sub}/reset': async (request) => {
      await act(request, 'account.reset-forced', (by, sub) => forceReset(people, by, sub));
      return { status: 200, body: { state: 'reset-required' } };
    },
    'POST /v1/admin/people/{sub}/sessions/end': async (request) => {
      await act(request, 'session.ended', (by, sub) => endAllSessions(people, by, sub));
      return { status: 200, body: { state: 'ended' } };
    },
    'POST /v1/admin/people/{sub}/recovery': async (request) => {
      const started = await act(request, 'recovery.requested', (by, sub) =>
        startRecoveryFor(people, services.recovery, by, sub),
      );
      if (!started) return { status: 200, body: { state: 'not-needed' } };
      const { readyAt, expiresAt } = recoveryShown(started, request.arrivedAt);
      const isReady = stateAt(started, request.arrivedAt) === 'ready';
      return { status: 200, body: { state: isReady ? 'ready' : 'waiting', readyAt, expiresAt } };
    },
  } satisfies Partial<Handlers<'admin-api'>>;
};
