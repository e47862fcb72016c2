import type { Pseudonyms } from '../../ports.ts';
import { canonicalIdentifier } from '../identifier.ts';
import type { Sub } from '../ids.ts';
import type { ErasureContact, ErasurePlan } from './erasure.ts';

export interface PlanPorts {
  readonly personBySub: (
    sub: Sub,
  ) => Promise<{ readonly userName: string; readonly email?: string } | undefined>;
  readonly contactOf: (sub: Sub) => Promise<ErasureContact | undefined>;
  readonly pseudonyms: Pseudonyms;
}

/** Everything that the person is found by: the pool's name, and the addresses of pool and profile (usually one). */
export async function planErasure(
  { personBySub, contactOf, pseudonyms }: PlanPorts,
  sub: Sub,
): Promise<ErasurePlan> {
  const [person, contact] = await Promise.all([personBySub(sub), contactOf(sub)]);
  const typed = [person?.email, contact?.email].flatMap((email) => canonicalIdentifier(email ?? '') ?? []);
  const addresses = await Promise.all([...new Set(typed)].map((email) => pseudonyms.of('identifier', email)));
  return { userNames: person ? [person.userName] : [], addresses };
}
