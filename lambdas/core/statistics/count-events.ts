import type { AuditEvent } from '../audit/event.ts';
import { boundedVocabulary, type Vocabulary } from './families.ts';
import type { StatisticsWriter } from './ports.ts';
import { placeKey, tallyOf } from './tally.ts';

/** Items of one DynamoDB transaction. */
export const maxWrites = 100;

/**
 * Days that an event can be late. Its marker is kept a day longer from when it was counted, so that an event either comes
 * while its marker stands or is too late: it never counts twice. The queue keeps it 4 days and its dead letters 14.
 */
export const maxAgeDays = 20;
const dayMs = 86_400_000;

export const isTooLate = ({ at }: AuditEvent, now: number): boolean =>
  now - Date.parse(at) > maxAgeDays * dayMs;

/** Times that a chunk is tried while others count at the same moment. */
const maxTries = 20;

/**
 * Counts each event once, in chunks of one transaction each.
 * @param events - any order, duplicates allowed
 * @returns ids that were not counted, with why; the others are, also when they had been before
 */
export async function countEvents(
  store: StatisticsWriter,
  events: readonly AuditEvent[],
  words: Vocabulary,
): Promise<ReadonlyMap<string, unknown>> {
  const vocabulary = boundedVocabulary(words);
  const failed = new Map<string, unknown>();
  const different = [...new Map(events.map((event) => [event.id, event])).values()];
  for (const chunk of chunksOf(different, vocabulary)) {
    try {
      await countChunk(store, chunk, vocabulary);
    } catch (error) {
      for (const { id } of chunk) failed.set(id, error);
    }
  }
  return failed;
}

async function countChunk(
  store: StatisticsWriter,
  events: readonly AuditEvent[],
  vocabulary: Vocabulary,
): Promise<void> {
  let left = events;
  for (let tries = 0; left.length > 0; tries += 1) {
    const result = await store.count(left, tallyOf(left, vocabulary));
    if (result.kind === 'counted') return;
    if (result.kind === 'duplicates') left = left.filter(({ id }) => !result.ids.has(id));
    else if (tries >= maxTries) throw new Error('statistics: changed by others again and again');
  }
}

/** As many events as one transaction can take: a marker each, and one item per family, step and bucket. */
export function chunksOf(
  events: readonly AuditEvent[],
  vocabulary: Vocabulary,
): readonly (readonly AuditEvent[])[] {
  const chunks: { events: AuditEvent[]; places: Set<string> }[] = [];
  // By time, so that a chunk touches few buckets.
  for (const event of [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const places = placesOf(event, vocabulary);
    const open = chunks.at(-1);
    const all = new Set([...(open?.places ?? []), ...places]);
    if (open && open.events.length + 1 + all.size <= maxWrites) {
      open.events.push(event);
      open.places = all;
    } else chunks.push({ events: [event], places: new Set(places) });
  }
  return chunks.map((chunk) => chunk.events);
}

function placesOf(event: AuditEvent, vocabulary: Vocabulary): readonly string[] {
  const { counters, networks } = tallyOf([event], vocabulary);
  return [...counters, ...networks].map(({ place }) => placeKey(place));
}
