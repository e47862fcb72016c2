import { expect, it } from 'vitest';
import { emptyHistory, owesProof } from '../../../../lambdas/core/risk/history.ts';

it.each([
  { given: 'never reset', history: {}, owes: false },
  { given: 'reset, nothing proven', history: { resetAt: 5 }, owes: true },
  { given: 'reset after the last proof', history: { resetAt: 5, lastProofAt: 4 }, owes: true },
  { given: 'proven since', history: { resetAt: 5, lastProofAt: 5 }, owes: false },
])('an account owes a proof beyond the password when $given: $owes', ({ history, owes }) =>
  expect(owesProof({ ...emptyHistory, ...history })).toBe(owes),
);
