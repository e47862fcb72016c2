/** What a person said about one purpose; `withdrawn` also when the first answer is a no. */
export type ConsentDecision = 'granted' | 'withdrawn';

/** Evidence of one answer (GDPR 7(1)): who is the partition, this is what, when and to which text. Never changed. */
export interface LedgerEntry {
  /** ULID; the order of the ledger is the order of these ids. */
  readonly id: string;
  readonly purpose: string;
  readonly decision: ConsentDecision;
  /** Version and language of the text that was shown, and the SHA-256 (lower-case hex) of exactly that text. */
  readonly version: string;
  readonly language: string;
  readonly textHash: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly source: 'registration' | 'privacy-page' | 'prompt' | 'import';
}

/** Projection: the newest entry of one purpose. */
export interface ConsentState extends Omit<LedgerEntry, 'id' | 'source'> {
  readonly ledgerId: string;
}

/** Standing decisions by purpose; a purpose that was never answered is absent. */
export type ConsentStates = ReadonlyMap<string, ConsentState>;

export const stateOf = ({ id, source: _, ...entry }: LedgerEntry): ConsentState => ({
  ...entry,
  ledgerId: id,
});

/** The state is the fold of the ledger: per purpose the entry with the greatest id, whatever the order of arrival. */
export function foldLedger(entries: Iterable<LedgerEntry>): ConsentStates {
  const states = new Map<string, ConsentState>();
  for (const entry of entries) {
    const standing = states.get(entry.purpose);
    if (!standing || standing.ledgerId < entry.id) states.set(entry.purpose, stateOf(entry));
  }
  return states;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Epoch milliseconds in the first ten characters of a ULID. */
const ulidTime = (id: string): number =>
  Array.from(id.slice(0, 10)).reduce((time, digit) => time * 32 + crockford.indexOf(digit), 0);

/** An id after the standing one even in the same millisecond or when this environment's clock is behind. */
export const nextLedgerId = (
  standing: ConsentState | undefined,
  now: number,
  ulid: (now: number) => string,
): string => ulid(standing ? Math.max(now, ulidTime(standing.ledgerId) + 1) : now);
