import { invalid } from '../api/problem.ts';
import type { Handlers, RouteAnswer, RouteHandler } from '../api/types.ts';
import { operatorEvent } from '../core/administration/operator-event.ts';
import {
  accountOf,
  endAllSessions,
  forceReset,
  lockAccount,
  startRecoveryFor,
  unlockAccount,
} from '../core/administration/people.ts';
import type { Factors } from '../core/factor/factor.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import type { Sub } from '../core/ids.ts';
import { type Recovery, stateAt } from '../core/recovery/recovery.ts';
import { operatorOf } from './request.ts';
import type { AdminServices } from './services.ts';

type PersonBody = RouteAnswer<'POST /v1/admin/people/look-up'>['body'];

/** Events of one person that an operator sees at once. */
const activityShown = 20;

/** One AdminGetUser; reads 5 to 8 RRU; the event, 1 WRU, comes before the answer. */
const lookUp =
  ({ people, activity, outbox }: AdminServices): RouteHandler<'POST /v1/admin/people/look-up'> =>
  async (request) => {
    const { body, arrivedAt } = request;
    const account = await accountOf(people, soughtBy(body));
    const { sub } = account;
    const by = operatorOf(request, body);
    await outbox.put(operatorEvent(by, people.random.ulid(arrivedAt), 'account.looked-up', sub));
    const [known, recent] = await Promise.all([
      people.accounts.read(sub),
      activity.recent(sub, { limit: activityShown, now: arrivedAt }),
    ]);
    const { lock, factors, recovery, sessions } = known;
    const { status, enabled, createdAt } = account;
    return {
      status: 200,
      body: {
        sub,
        status,
        enabled,
        ...(createdAt && { createdAt }),
        ...(lock && { lock: { ...lock } }),
        factors: factorsShown(factors),
        recovery: recoveryShown(recovery, arrivedAt),
        sessions: sessions.map((session) => ({ ...session })),
        activity: [...recent.events],
      },
    };
  };

/** Exactly one of the two, and exactly one address: there is no search. */
function soughtBy({ identifier, sub }: { identifier?: string; sub?: string }): string {
  if ((identifier === undefined) === (sub === undefined)) throw invalid('', 'give either identifier or sub');
  const sought = sub ?? canonicalIdentifier(identifier ?? '');
  if (!sought) throw invalid('/identifier', 'must be exactly one e-mail address');
  return sought;
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

export const peopleRoutes = (services: AdminServices) => {
  const { people } = services;
  return {
    'POST /v1/admin/people/look-up': lookUp(services),
    'POST /v1/admin/people/{sub}/lock': async (request) => {
      const by = operatorOf(request, request.body);
      await lockAccount(people, by, request.params.sub as Sub, request.body.note);
      return { status: 200, body: { state: 'locked' } };
    },
    'POST /v1/admin/people/{sub}/unlock': async (request) => {
      await unlockAccount(people, operatorOf(request, request.body), request.params.sub as Sub);
      return { status: 200, body: { state: 'unlocked' } };
    },
    'POST /v1/admin/people/{sub}/reset': async (request) => {
      await forceReset(people, operatorOf(request, request.body), request.params.sub as Sub);
      return { status: 200, body: { state: 'reset-required' } };
    },
    'POST /v1/admin/people/{sub}/sessions/end': async (request) => {
      await endAllSessions(people, operatorOf(request, request.body), request.params.sub as Sub);
      return { status: 200, body: { state: 'ended' } };
    },
    'POST /v1/admin/people/{sub}/recovery': async (request) => {
      const by = operatorOf(request, request.body);
      const started = await startRecoveryFor(people, services.recovery, by, request.params.sub as Sub);
      if (!started) return { status: 200, body: { state: 'not-needed' } };
      const { readyAt, expiresAt } = recoveryShown(started, request.arrivedAt);
      const isReady = stateAt(started, request.arrivedAt) === 'ready';
      return { status: 200, body: { state: isReady ? 'ready' : 'waiting', readyAt, expiresAt } };
    },
  } satisfies Partial<Handlers<'admin-api'>>;
};
