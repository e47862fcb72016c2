import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Comparable,
  type DuplicateGroup,
  duplicatesOf,
  type KeyEntry,
  type MatchKind,
  mailboxOf,
  matchKeys,
} from '../../../../lambdas/core/migration/match.ts';

/** All groups of some lines, by collecting the entries of each key. */
function groupsOf(lines: readonly (readonly [number, Comparable])[]): DuplicateGroup[] {
  const entries = new Map<string, { kind: MatchKind; entries: KeyEntry[] }>();
  for (const [line, person] of lines) {
    for (const { kind, key } of matchKeys(person)) {
      const found = entries.get(`${kind} ${key}`) ?? { kind, entries: [] };
      found.entries.push({ line, address: person.email });
      entries.set(`${kind} ${key}`, found);
    }
  }
  return [...entries.values()].flatMap(({ kind, entries: found }) => duplicatesOf(kind, found) ?? []);
}

const sorted = (groups: readonly DuplicateGroup[]) => groups.map((group) => JSON.stringify(group)).sort();

const person: fc.Arbitrary<Comparable> = fc.record(
  {
    email: fc.constantFrom(
      'ada@example.com',
      'ada+x@example.com',
      'a.da@gmail.com',
      'ada@gmail.com',
      'ada@googlemail.com',
      'bo@example.com',
    ),
    phone: fc.constantFrom('+4915112345678', '+4915187654321'),
    name: fc.constantFrom('Ada Lovelace', 'Lovelace, Ada', 'ÁDA lovelace', 'Bo'),
    birthDate: fc.constantFrom('1990-12-10', '1991-01-01'),
  },
  { requiredKeys: ['email'] },
);
const file = fc
  .array(person, { maxLength: 12 })
  .map((people) => people.map((one, index) => [index + 1, one] as const));

describe('the matcher', () => {
  it('says the same whatever the order of the lines', () =>
    fc.assert(
      fc.property(
        file.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([lines, shuffled]) => {
          expect(sorted(groupsOf(shuffled))).toEqual(sorted(groupsOf(lines)));
        },
      ),
    ));

  it('is symmetric: whoever is like somebody has them in the same group', () =>
    fc.assert(
      fc.property(person, person, (one, other) => {
        const kinds = (groups: DuplicateGroup[]) => groups.map(({ kind }) => kind).sort();
        expect(
          kinds(
            groupsOf([
              [1, one],
              [2, other],
            ]),
          ),
        ).toEqual(
          kinds(
            groupsOf([
              [1, other],
              [2, one],
            ]),
          ),
        );
      }),
    ));

  it('never takes a line for its own duplicate, and calls equal addresses certain and nothing else', () =>
    fc.assert(
      fc.property(person, (one) => {
        expect(groupsOf([[1, one]])).toEqual([]);
        expect(
          groupsOf([
            [1, one],
            [2, one],
          ]),
        ).toEqual([{ kind: 'address', confidence: 'certain', lines: [1, 2] }]);
      }),
    ));

  it.each([
    ['a plus tag', 'ada+shop@example.com', 'ada@example.com', true],
    ['dots where they do not count', 'a.d.a@gmail.com', 'ada@googlemail.com', true],
    ['dots where they do', 'a.d.a@example.com', 'ada@example.com', false],
  ])('%s', (_name, one, other, isOne) => expect(mailboxOf(one) === mailboxOf(other)).toBe(isOne));
});
