import { invalid } from '../api/problem.ts';
import type { Handlers, RouteAnswer, RouteHandler } from '../api/types.ts';
import type { DecisionExplanation } from '../core/administration/decision-explanation.ts';
import { explainDecision, unknownDecision } from '../core/administration/decisions.ts';
import { operatorEvent } from '../core/administration/operator-event.ts';
import { personOf } from '../core/administration/people.ts';
import { toldAct } from '../core/administration/told-act.ts';
import type { FlowId, Sub } from '../core/ids.ts';
import { InvalidRange } from '../core/statistics/buckets.ts';
import { statisticsReport } from '../core/statistics/report.ts';
import { operatorOf } from './request.ts';
import type { AdminServices } from './services.ts';

/** Entries of the consent ledger per page. */
const historyShown = 50;

/** One AdminGetUser; reads about 2 RRU; the event, 1 WRU, comes before the answer. */
const getConsents =
  ({ people, consents, outbox }: AdminServices): RouteHandler<'GET /v1/admin/people/{sub}/consents'> =>
  async (request) => {
    const { params, query, arrivedAt } = request;
    const by = operatorOf(request, query);
    const meant = { act: 'account.looked-up', sub: params.sub as Sub } as const;
    const { sub } = await toldAct(people, by, meant, () => personOf(people, meant.sub));
    const id = people.random.ulid(arrivedAt);
    await outbox.put(operatorEvent(by, id, 'account.looked-up', sub, { part: 'consents' }));
    const { after } = query;
    const [states, { entries, next }] = await Promise.all([
      consents.states(sub),
      consents.history(sub, { limit: historyShown, ...(after && { after }) }),
    ]);
    return {
      status: 200,
      body: {
        standing: [...states.values()].map(({ ledgerId, ...state }) => ({ id: ledgerId, ...state })),
        history: [...entries],
        ...(next && { next }),
      },
    };
  };

type DecisionBody = RouteAnswer<'GET /v1/admin/people/{sub}/decisions/{flow}'>['body'];

/** 128 random bits, base64url; nothing else becomes part of a key or an event. */
const flowShape = /^[A-Za-z0-9_-]{22}$/;

const decisionShown = (flow: FlowId, explained: DecisionExplanation): DecisionBody => {
  const { policy, signals, methods, reasons, proven, ...rest } = explained;
  return {
    flow,
    ...rest,
    ...(policy && { policy: { ...policy } }),
    signals: signals.map((signal) => ({ ...signal })),
    methods: [...methods],
    reasons: [...reasons],
    ...(proven && { proven: [...proven] }),
  };
};

/** One AdminGetUser; reads 1 RRU and the person's events of the last weeks; the event comes before the answer. */
const getDecision =
  ({
    people,
    decisions,
    outbox,
  }: AdminServices): RouteHandler<'GET /v1/admin/people/{sub}/decisions/{flow}'> =>
  async (request) => {
    const { params, query, arrivedAt } = request;
    if (!flowShape.test(params.flow)) throw unknownDecision();
    const flow = params.flow as FlowId;
    const by = operatorOf(request, query);
    const meant = { act: 'account.looked-up', sub: params.sub as Sub } as const;
    const { sub } = await toldAct(people, by, meant, () => personOf(people, meant.sub));
    const id = people.random.ulid(arrivedAt);
    await outbox.put(operatorEvent(by, id, 'account.looked-up', sub, { part: 'decision', decision: flow }));
    return { status: 200, body: decisionShown(flow, await explainDecision(decisions, sub, flow)) };
  };

/** Reads about 12 RRU; nobody's data, so it leaves no event. */
const getStatistics =
  ({ statistics }: AdminServices): RouteHandler<'GET /v1/admin/statistics'> =>
  async ({ query: { from, to, step } }) => {
    const report = await statisticsReport(statistics, { from, to }, step).catch((error: unknown) => {
      if (error instanceof InvalidRange) throw invalid(`/query/${error.field}`, error.message);
      throw error;
    });
    const { series, topNetworks, unlistedAtMost } = report;
    const families = Object.fromEntries(
      Object.entries(series).map(([family, buckets]) => [family, buckets.map((bucket) => ({ ...bucket }))]),
    ) as RouteAnswer<'GET /v1/admin/statistics'>['body']['families'];
    return {
      status: 200,
      body: {
        from,
        to,
        step,
        families,
        topNetworks: topNetworks.map((network) => ({ ...network })),
        unlistedAtMost,
      },
    };
  };

export const insightRoutes = (services: AdminServices) =>
  ({
    'GET /v1/admin/people/{sub}/consents': getConsents(services),
    'GET /v1/admin/people/{sub}/decisions/{flow}': getDecision(services),
    'GET /v1/admin/statistics': getStatistics(services),
  }) satisfies Partial<Handlers<'admin-api'>>;
