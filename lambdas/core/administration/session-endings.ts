import type { AuditOutbox, Clock, Random } from '../../ports.ts';
import { CiamError } from '../errors.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { cutoffAt } from '../session/cutoff.ts';
import {
  type Cohort,
  type CohortPosition,
  type CohortQuery,
  cohortState,
  partitionsOf,
  previewMinutes,
  stepsOf,
} from './cohort.ts';
import { type OperatorRequest, operatorEvent } from './operator-event.ts';
import type { CohortEnder, CohortSession, CohortSessions, CohortStore, EndedOne, OwnerOf } from './ports.ts';

export interface CohortPorts {
  readonly sessions: CohortSessions;
  readonly store: CohortStore;
  readonly ender: CohortEnder;
  readonly ownerOf: OwnerOf;
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  readonly random: Pick<Random, 'ulid'>;
}

export type CohortTarget =
  | { readonly kind: 'query'; readonly query: CohortQuery }
  | { readonly kind: 'list'; readonly subs: readonly Sub[]; readonly addresses: readonly Pseudonym[] };

export interface Preview {
  readonly cohort: Cohort;
  /** A few of the people, to look at. */
  readonly sample: readonly Sub[];
  /** Addresses of the list that are nobody's. */
  readonly unknown: number;
}

/** Sessions that a preview counts at the most; a larger cohort is previewed as "at least". */
const previewLimit = 50_000;
const pageSize = 1_000;
const sampleSize = 10;
/** Calls to the tables at once. */
const parallel = 16;

/** Counts what a confirmation would end. Nothing is ended, and nothing but the preview is written. */
export async function previewCohort(
  ports: CohortPorts,
  request: OperatorRequest,
  target: CohortTarget,
  note: string | undefined,
): Promise<Preview> {
  const found =
    target.kind === 'query' ? await countQuery(ports, target.query) : await resolveList(ports, target);
  const { operator: by, reason, now } = request;
  const id = ports.random.ulid(now);
  const { matches } = found;
  const cohort: Cohort = {
    id,
    state: 'previewed',
    target: target.kind === 'query' ? target : { kind: 'list', people: found.people.length },
    reason,
    by,
    ...(note !== undefined && { note }),
    previewedAt: now,
    expiresAt: now + previewMinutes * 60_000,
    matches,
    ended: { sessions: 0, people: 0 },
    position: { step: 0 },
  };
  const data = { cohort: id, kind: target.kind, sessions: matches.sessions, people: matches.people };
  const event = operatorEvent(request, ports.random.ulid(now), 'cohort.previewed', undefined, data);
  await ports.store.create(cohort, target.kind === 'list' ? found.people : [], event);
  return { cohort, sample: found.people.slice(0, sampleSize), unknown: found.unknown };
}

async function countQuery({ sessions }: CohortPorts, query: CohortQuery) {
  const people = new Set<Sub>();
  let count = 0;
  for (const partition of partitionsOf(query)) {
    let after: string | undefined;
    do {
      if (count >= previewLimit) return counted(people, count, false);
      const page = await sessions.page(partition, query, { limit: pageSize, ...(after && { after }) });
      count += page.sessions.length;
      for (const { sub } of page.sessions) people.add(sub);
      after = page.next;
    } while (after);
  }
  return counted(people, count, true);
}

const counted = (people: ReadonlySet<Sub>, sessions: number, exact: boolean) => ({
  people: [...people],
  unknown: 0,
  matches: { sessions, people: people.size, exact },
});

/** Addresses become people here and now: what is stored and run is a list of people, each once. */
async function resolveList(
  { ownerOf }: CohortPorts,
  { subs, addresses }: Extract<CohortTarget, { kind: 'list' }>,
) {
  const owners = await inParallel(addresses, ownerOf);
  const people = [...new Set([...subs, ...owners.filter((owner) => owner !== undefined)])].sort();
  return {
    people,
    unknown: owners.filter((owner) => owner === undefined).length,
    matches: { sessions: 0, people: people.length, exact: true },
  };
}

/** @throws CiamError `SESSION_UNKNOWN` */
export async function cohortOf({ store }: Pick<CohortPorts, 'store'>, id: string): Promise<Cohort> {
  const cohort = await store.find(id);
  if (!cohort) throw new CiamError('SESSION_UNKNOWN', 'There is no such session ending.');
  return cohort;
}

/** @throws CiamError `COHORT_CONFLICT` when the preview expired; confirming twice is fine */
export async function confirmCohort(
  ports: CohortPorts,
  request: OperatorRequest,
  id: string,
): Promise<Cohort> {
  const { matches } = await cohortOf(ports, id);
  const data = { cohort: id, sessions: matches.sessions, people: matches.people };
  const event = operatorEvent(request, ports.random.ulid(request.now), 'cohort.started', undefined, data);
  const isFirst = await ports.store.confirm(id, request.now, event);
  const cohort = await cohortOf(ports, id);
  if (cohort.state === 'previewed') {
    throw new CiamError('COHORT_CONFLICT', 'The preview has expired. Make a new one.');
  }
  if (!isFirst) await ports.outbox.put({ ...event, type: 'cohort.looked-up', reasons: ['STARTED_ALREADY'] });
  return cohort;
}

/**
 * Ends the next sessions, at most `limit`, and says how far it has come. It can be called again at any time, also
 * after an interruption and twice at once: each session ends once, and each person is told once.
 * @throws CiamError `COHORT_CONFLICT` before it was confirmed
 */
export async function runCohort(
  ports: CohortPorts,
  request: OperatorRequest,
  id: string,
  limit: number,
): Promise<Cohort> {
  const cohort = await cohortOf(ports, id);
  const state = cohortState(cohort, request.now);
  if (state === 'finished') return cohort;
  if (state !== 'running') throw new CiamError('COHORT_CONFLICT', 'Confirm the preview first.');
  if (cohort.position.step < stepsOf(cohort)) {
    const { target } = cohort;
    const batch =
      target.kind === 'query'
        ? await endPage(ports, request, cohort, target.query, limit)
        : await endChunk(ports, request, cohort, limit);
    await ports.store.advance(cohort, totals(batch.ended), batch.position);
  }
  const moved = await cohortOf(ports, id);
  return moved.position.step < stepsOf(moved) ? moved : finish(ports, request, moved);
}

async function finish(ports: CohortPorts, request: OperatorRequest, { id, ended }: Cohort): Promise<Cohort> {
  const data = { cohort: id, sessions: ended.sessions, people: ended.people };
  const event = operatorEvent(request, ports.random.ulid(request.now), 'cohort.finished', undefined, data);
  await ports.store.finish(id, event);
  return cohortOf(ports, id);
}

interface Batch {
  readonly ended: readonly EndedOne[];
  readonly position: CohortPosition;
}

async function endPage(
  ports: CohortPorts,
  request: OperatorRequest,
  { id, position }: Cohort,
  query: CohortQuery,
  limit: number,
): Promise<Batch> {
  const { step, after } = position;
  const partition = partitionsOf(query)[step] ?? '';
  const page = await ports.sessions.page(partition, query, { limit, ...(after && { after }) });
  const ended = await inParallel(page.sessions, (session) => endOne(ports, request, id, session));
  return { ended, position: page.next ? { step, after: page.next } : { step: step + 1 } };
}

const endOne = (
  { ender, random }: CohortPorts,
  request: OperatorRequest,
  cohort: string,
  session: CohortSession,
): Promise<EndedOne> =>
  ender.session(cohort, session, (notice) => ({
    ...operatorEvent(request, random.ulid(request.now), 'session.ended', session.sub, { cohort, notice }),
    flow: session.flow,
  }));

async function endChunk(
  ports: CohortPorts,
  request: OperatorRequest,
  { id, position }: Cohort,
  limit: number,
): Promise<Batch> {
  const { step, after } = position;
  const from = Number(after ?? 0);
  const people = await ports.store.people(id, step);
  const ended = await inParallel(people.slice(from, from + limit), (sub) => {
    const data = { cohort: id, all: true, notice: true };
    const event = operatorEvent(request, ports.random.ulid(request.now), 'session.ended', sub, data);
    return ports.ender.person(id, cutoffAt(sub, ports.clock.now()), event);
  });
  const next = from + limit;
  return { ended, position: next < people.length ? { step, after: `${next}` } : { step: step + 1 } };
}

const totals = (ended: readonly EndedOne[]) => ({
  sessions: ended.filter(({ session }) => session).length,
  people: ended.filter(({ person }) => person).length,
});

/** In order of the items, with a bound on what is under way. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += parallel) {
    results.push(...(await Promise.all(items.slice(from, from + parallel).map(work))));
  }
  return results;
}
