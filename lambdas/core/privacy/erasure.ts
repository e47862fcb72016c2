import type { Clock, Random } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Pseudonym, Sub } from '../ids.ts';

/** Reason of the lock that closes an account for good, and of what is left of it for a while. */
export const erasureReasons = ['erasure', 'erased'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

export const isErasureReason = (reason: unknown): reason is ErasureReason =>
  erasureReasons.some((known) => known === reason);

/** An erasure under way: from the request on no door lets the person in. */
export interface ErasureMarker {
  readonly sub: Sub;
  /** `erased`: everything was erased; the mark stays a while, so that nothing late brings anything back. */
  readonly reason: ErasureReason;
  /** Of this one erasure; names its farewell. */
  readonly id: string;
  /** RFC 3339, UTC: when it was asked for. */
  readonly at: string;
  /** Brand that the person asked it of. */
  readonly brand?: string;
  readonly plan?: ErasurePlan;
  /** Farewells that could not be handed over. */
  readonly mailFailures: number;
  /** What became of the farewell; noted before anything is erased. */
  readonly farewell?: Farewell;
}

/** What leads to everything else; written down before anything is erased, so that a crash loses no way to it. */
export interface ErasurePlan {
  /** Names in the user pool; none where the pool has nobody any more. */
  readonly userNames: readonly string[];
  /** Pseudonyms of the addresses that were the person's. */
  readonly addresses: readonly Pseudonym[];
}

export interface ErasureContact {
  readonly email: string;
  readonly locale?: string;
}

/** One kind of place where data about the person lies. */
export interface ErasureArea {
  /** As the event names it. */
  readonly name: string;
  /** Repeatable. */
  erase(marker: PlannedErasure): Promise<void>;
  /** Whether anything of the person is still there; strongly consistent where the store can. */
  isEmpty(marker: PlannedErasure): Promise<boolean>;
}

export type PlannedErasure = ErasureMarker & { readonly plan: ErasurePlan };

export type Farewell = 'sent' | 'no-address' | 'not-sent';

export interface ErasurePorts {
  readonly markers: {
    /** Strongly consistent. */
    find(sub: Sub): Promise<ErasureMarker | undefined>;
    /** The first plan stands. @returns the one that stands */
    plan(marker: ErasureMarker, plan: ErasurePlan): Promise<ErasurePlan>;
    /** @returns how often it has failed by now */
    mailFailed(marker: ErasureMarker): Promise<number>;
    /** The first word stands. @returns the one that stands */
    noteFarewell(marker: ErasureMarker, farewell: Farewell): Promise<Farewell>;
    /** From `erasure` to `erased` with the event, once. @returns `false` when it was completed before */
    complete(marker: ErasureMarker, event: AuditEvent): Promise<boolean>;
  };
  /** Looks at the user pool and the profile. */
  readonly planFor: (sub: Sub) => Promise<ErasurePlan>;
  readonly contactOf: (sub: Sub) => Promise<ErasureContact | undefined>;
  /** @throws when it could not be handed over */
  readonly sendFarewell: (marker: ErasureMarker, contact: ErasureContact) => Promise<void>;
  /** In the order in which they are erased; what leads to the address comes last. */
  readonly areas: readonly ErasureArea[];
  /** What the law has us keep, put to an end date. Repeatable. */
  readonly limitEvidence: (marker: ErasureMarker) => Promise<void>;
  /** Names of what stays, for the event. */
  readonly kept: readonly string[];
  readonly clock: Clock;
  readonly random: Pick<Random, 'ulid'>;
}

export type ErasureResult = 'completed' | 'completed-before' | 'not-requested';

/** A mailbox that takes no mail does not keep its owner's data here. */
export const maxMailFailures = 3;
/** Looks at everything again: what was on its way when the erasure began may have come in between. */
const maxPasses = 3;

/**
 * Erases one person. It may die anywhere and be run again, also by two at once: every step can be repeated, and the end
 * is one conditional write with the event. It ends only when every area has been seen empty. A run that comes after the end
 * looks once more and writes nothing.
 * @throws whatever a store or the mail service says, so that the delivery comes again
 */
export async function erasePerson(ports: ErasurePorts, sub: Sub): Promise<ErasureResult> {
  const marker = await ports.markers.find(sub);
  if (!marker) return 'not-requested';
  if (marker.reason === 'erased') {
    await eraseAreas(ports, { ...marker, plan: marker.plan ?? { userNames: [], addresses: [] } });
    return 'completed-before';
  }
  const plan = marker.plan ?? (await ports.markers.plan(marker, await ports.planFor(sub)));
  const planned = { ...marker, plan };
  const farewell = await sayFarewell(ports, planned);
  await eraseAreas(ports, planned);
  await ports.limitEvidence(planned);
  const isOurs = await ports.markers.complete(planned, completedEvent(ports, planned, farewell));
  return isOurs ? 'completed' : 'completed-before';
}

/** Before the address is gone; what is noted stands, however often the rest has to be run. */
async function sayFarewell(ports: ErasurePorts, marker: ErasureMarker): Promise<Farewell> {
  if (marker.farewell) return marker.farewell;
  const contact = await ports.contactOf(marker.sub);
  const said = contact ? await tryToSay(ports, marker, contact) : 'no-address';
  return ports.markers.noteFarewell(marker, said);
}

async function tryToSay(
  { sendFarewell, markers }: ErasurePorts,
  marker: ErasureMarker,
  contact: ErasureContact,
): Promise<Farewell> {
  try {
    await sendFarewell(marker, contact);
    return 'sent';
  } catch (error) {
    if ((await markers.mailFailed(marker)) < maxMailFailures) throw error;
    return 'not-sent';
  }
}

async function eraseAreas({ areas }: Pick<ErasurePorts, 'areas'>, marker: PlannedErasure): Promise<void> {
  let left: readonly ErasureArea[] = areas;
  for (let pass = 0; pass < maxPasses && left.length > 0; pass += 1) {
    for (const area of left) await area.erase(marker);
    left = await notEmpty(areas, marker);
  }
  if (left.length > 0) throw new Error(`erasure: not empty: ${left.map(({ name }) => name).join(', ')}`);
}

async function notEmpty(areas: readonly ErasureArea[], marker: PlannedErasure): Promise<ErasureArea[]> {
  const found: ErasureArea[] = [];
  for (const area of areas) if (!(await area.isEmpty(marker))) found.push(area);
  return found;
}

const completedEvent = (
  { clock, random, areas, kept }: ErasurePorts,
  { sub, id }: ErasureMarker,
  farewell: Farewell,
): AuditEvent => {
  const now = clock.now();
  return {
    v: 1,
    id: random.ulid(now),
    type: 'erasure.completed',
    at: new Date(now).toISOString(),
    subject: { sub },
    actor: 'system',
    outcome: 'success',
    reasons: [],
    data: { erasure: id, erased: areas.map(({ name }) => name), kept: [...kept], farewell },
  };
};
