import {
  type Comparable,
  type DuplicateGroup,
  duplicatesOf,
  type MatchKind,
  matchKeys,
  matchKinds,
} from '../../lambdas/core/migration/match.ts';
import type { Scratch } from './scratch.ts';

interface Entry {
  readonly line: number;
  readonly address: string;
  readonly content: string;
}

/** A line's keys, with a fingerprint of what would be imported: a line that is there twice is no conflict. */
export async function noteKeys(
  scratch: Scratch,
  line: number,
  comparable: Comparable,
  content: string,
): Promise<void> {
  for (const { kind, key } of matchKeys(comparable)) {
    await scratch.put(kind, key, JSON.stringify({ line, address: comparable.email, content }));
  }
}

export interface Duplicates extends DuplicateGroup {
  /** All lines of an `address` group say the same. */
  readonly isRepetition: boolean;
}

/** Every group of lines that may be one person, kind by kind; a group that another kind has said already is left out. */
export async function* findDuplicates(scratch: Scratch): AsyncGenerator<Duplicates> {
  for (const kind of Object.keys(matchKinds) as MatchKind[]) {
    for await (const values of scratch.groups(kind)) {
      const entries = values.map((value) => JSON.parse(value) as Entry);
      const group = duplicatesOf(kind, entries);
      const isRepetition = kind === 'address' && new Set(entries.map(({ content }) => content)).size === 1;
      if (group) yield { ...group, isRepetition };
    }
  }
}
