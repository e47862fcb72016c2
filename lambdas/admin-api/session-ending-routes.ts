import { invalid } from '../api/problem.ts';
import type { Handlers, RouteAnswer, RouteRequest } from '../api/types.ts';
import { type Cohort, cohortState, maxCohortDays } from '../core/administration/cohort.ts';
import { operatorEvent } from '../core/administration/operator-event.ts';
import {
  type CohortTarget,
  cohortOf,
  confirmCohort,
  previewCohort,
  runCohort,
} from '../core/administration/session-endings.ts';
import { toldAct } from '../core/administration/told-act.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import type { Pseudonym, Sub } from '../core/ids.ts';
import { addressPrefixes } from '../core/risk/request-facts.ts';
import { operatorOf } from './request.ts';
import type { AdminServices } from './services.ts';

type PreviewRequest = RouteRequest<'POST /v1/admin/session-endings'>;
type CohortBody = RouteAnswer<'GET /v1/admin/session-endings/{id}'>['body'];

/** Sessions per call unless asked otherwise: a few seconds. */
const defaultBatch = 200;
const dayMs = 86_400_000;

/** Addresses are hashed here, before anything is read or written. */
async function targetOf(services: AdminServices, { body, arrivedAt }: PreviewRequest): Promise<CohortTarget> {
  const { query, list } = body;
  if ((query === undefined) === (list === undefined)) throw invalid('', 'give either query or list');
  if (list) return listOf(services, list);
  return { kind: 'query', query: await queryOf(services, query as NonNullable<typeof query>, arrivedAt) };
}

async function listOf(
  { pseudonyms }: AdminServices,
  { subs = [], identifiers = [] }: NonNullable<PreviewRequest['body']['list']>,
): Promise<CohortTarget> {
  if (subs.length + identifiers.length === 0) throw invalid('/list', 'must name somebody');
  const addresses = identifiers.map((typed, index) => {
    const identifier = canonicalIdentifier(typed);
    if (!identifier) throw invalid(`/list/identifiers/${index}`, 'must be exactly one e-mail address');
    return identifier;
  });
  return {
    kind: 'list',
    subs: subs as Sub[],
    addresses: await Promise.all(addresses.map((address) => pseudonyms.of('identifier', address))),
  };
}

async function queryOf(
  { pseudonyms, clientIds }: AdminServices,
  query: NonNullable<PreviewRequest['body']['query']>,
  now: number,
) {
  const { client, address, provider } = query;
  const [from, to] = [momentOf(query.from, 'from'), query.to === undefined ? now : momentOf(query.to, 'to')];
  if (to <= from) throw invalid('/query/to', 'must be later than from');
  if (to - from > maxCohortDays * dayMs)
    throw invalid('/query/from', `at most ${maxCohortDays} days before to`);
  if (address !== undefined && query.network !== undefined) {
    throw invalid('/query/network', 'give either network or address');
  }
  const prefixes = address === undefined ? undefined : addressPrefixes(address);
  if (address !== undefined && !prefixes) throw invalid('/query/address', 'must be an IP address');
  const network = prefixes
    ? await pseudonyms.of('network', prefixes.network)
    : (query.network as Pseudonym | undefined);
  return {
    from: new Date(from).toISOString(),
    // What begins later is not part of what was previewed.
    to: new Date(Math.min(to, now)).toISOString(),
    clients: client === undefined ? clientIds : [client],
    ...(network && { network }),
    ...(provider && { provider }),
  };
}

function momentOf(text: string, field: 'from' | 'to'): number {
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw invalid(`/query/${field}`, 'must be RFC 3339 in UTC, for example 2026-11-22T00:00:00Z');
  return time;
}

const cohortShown = (cohort: Cohort, now: number): CohortBody => ({
  id: cohort.id,
  state: cohortState(cohort, now),
  matches: { ...cohort.matches },
  ended: { ...cohort.ended },
  ...(cohort.state === 'previewed' && { expiresAt: new Date(cohort.expiresAt).toISOString() }),
});

export const sessionEndingRoutes = (services: AdminServices) => {
  const { cohorts, outbox } = services;
  return {
    'POST /v1/admin/session-endings': async (request) => {
      const by = operatorOf(request, request.body);
      const preview = await previewCohort(cohorts, by, await targetOf(services, request), request.body.note);
      const { cohort, sample, unknown } = preview;
      return { status: 201, body: { ...cohortShown(cohort, by.now), sample: [...sample], unknown } };
    },
    'GET /v1/admin/session-endings/{id}': async (request) => {
      const by = operatorOf(request, request.query);
      const meant = { act: 'cohort.looked-up', cohort: request.params.id } as const;
      const cohort = await toldAct(cohorts, by, meant, () => cohortOf(cohorts, meant.cohort));
      const id = cohorts.random.ulid(by.now);
      await outbox.put(operatorEvent(by, id, 'cohort.looked-up', undefined, { cohort: cohort.id }));
      return { status: 200, body: cohortShown(cohort, by.now) };
    },
    'POST /v1/admin/session-endings/{id}/confirm': async (request) => {
      const by = operatorOf(request, request.body);
      const meant = { act: 'cohort.started', cohort: request.params.id } as const;
      const cohort = await toldAct(cohorts, by, meant, () => confirmCohort(cohorts, by, meant.cohort));
      return { status: 200, body: cohortShown(cohort, by.now) };
    },
    'POST /v1/admin/session-endings/{id}/run': async (request) => {
      const by = operatorOf(request, request.body);
      const limit = request.body.limit ?? defaultBatch;
      const meant = { act: 'session.ended', cohort: request.params.id } as const;
      const cohort = await toldAct(cohorts, by, meant, () => runCohort(cohorts, by, meant.cohort, limit));
      return { status: 200, body: cohortShown(cohort, by.now) };
    },
  } satisfies Partial<Handlers<'admin-api'>>;
};
