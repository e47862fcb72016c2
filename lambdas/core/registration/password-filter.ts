/**
 * An xor filter (Graf and Lemire, 2020) over SHA-256: says yes to everything that it was built from, and to any other
 * value with a probability of 2^-16. It holds 16-bit fingerprints, 1.23 per entry, so that a list of 50,000 passwords
 * takes 120 kB, and none of them can be read from it.
 */
export interface PasswordFilter {
  /** Three equal parts; the fingerprint of an entry is the xor of one cell of each. */
  readonly cells: Uint16Array;
}

export interface FilterPlaces {
  readonly places: readonly [number, number, number];
  readonly fingerprint: number;
}

/** @param digest - SHA-256 of the value */
export function filterPlaces(digest: Uint8Array, cellCount: number): FilterPlaces {
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const part = cellCount / 3;
  return {
    places: [
      view.getUint32(0) % part,
      part + (view.getUint32(4) % part),
      2 * part + (view.getUint32(8) % part),
    ],
    fingerprint: view.getUint16(12),
  };
}

export function filterHolds({ cells }: PasswordFilter, digest: Uint8Array): boolean {
  const { places, fingerprint } = filterPlaces(digest, cells.length);
  return places.reduce((left, place) => left ^ (cells[place] ?? 0), fingerprint) === 0;
}

/**
 * Builds the filter by peeling: a cell that only one entry uses is that entry's to set.
 * @param digests - distinct
 * @returns `undefined` when the entries cannot be peeled (rare): build again with more cells
 */
export function buildFilter(digests: readonly Uint8Array[], extraCells = 0): PasswordFilter | undefined {
  const part = Math.ceil((1.23 * digests.length + 32) / 3) + extraCells;
  const cellCount = 3 * part;
  const entries = digests.map((digest) => filterPlaces(digest, cellCount));
  const users = Array.from({ length: cellCount }, () => new Set<number>());
  entries.forEach(({ places }, entry) => {
    for (const place of places) users[place]?.add(entry);
  });
  const order: { readonly entry: number; readonly place: number }[] = [];
  const lonely = users.flatMap((set, place) => (set.size === 1 ? [place] : []));
  for (let place = lonely.pop(); place !== undefined; place = lonely.pop()) {
    const [entry] = users[place] ?? [];
    if (entry === undefined) continue; // taken out with another of its cells
    order.push({ entry, place });
    for (const other of entries[entry]?.places ?? []) {
      users[other]?.delete(entry);
      if (users[other]?.size === 1) lonely.push(other);
    }
  }
  if (order.length < digests.length) return undefined;
  const cells = new Uint16Array(cellCount);
  for (const { entry, place } of order.reverse()) {
    const { places = [], fingerprint = 0 } = entries[entry] ?? {};
    cells[place] = places.reduce(
      (left, other) => (other === place ? left : left ^ (cells[other] ?? 0)),
      fingerprint,
    );
  }
  return { cells };
}
