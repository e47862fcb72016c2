import type { AnswerOf, BodyOf } from '../../../../../client/index.ts';
import { api } from '../../../session/api.ts';
import { asOperator } from '../as-operator.ts';

export type Person = AnswerOf<'POST /v1/admin/people/look-up'>;
type LookUpBody = BodyOf<'POST /v1/admin/people/look-up'>;
export type OperatorReason = LookUpBody['reason'];
/** Exactly one of the three. */
export type Sought = Pick<LookUpBody, 'identifier' | 'sub' | 'identity'>;

/** Every read of a person's data is an event with the reason for it, so the reason goes along with the person. */
export interface Found {
  readonly person: Person;
  readonly reason: OperatorReason;
}

export const reasons = [
  'owner-asked',
  'account-takeover',
  'stolen-session',
  'breached-password',
  'abuse',
  'legal',
  'incident',
  'review',
  'other',
] as const satisfies readonly OperatorReason[];

/** An address has an at sign; everything else is taken for the id of an account. */
export const soughtBy = (typed: string): Sought =>
  typed.includes('@') ? { identifier: typed.trim() } : { sub: typed.trim() };

export async function lookUp(by: Sought, reason: OperatorReason, before?: string): Promise<Found> {
  const person = await asOperator(() =>
    api.call('POST /v1/admin/people/look-up', {
      body: { ...by, reason, ...(before !== undefined && { before }) },
    }),
  );
  return { person, reason };
}
