import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usePerRun } from '../../../bench/counts.ts';
import { deployedFunctions } from '../../../bench/functions.ts';
import { methodCases } from '../../../bench/methods/cases.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';

/** On the way to the answer; what works behind it comes when it comes. */
interface Spent {
  readonly read: number;
  readonly write: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly apiRequests: number;
  readonly poolRequests: number;
  readonly mails: number;
  readonly texts: number;
}

let cloud: RunningCloud;
let functions: Awaited<ReturnType<typeof deployedFunctions>>;
beforeAll(async () => {
  cloud = await openCloud({ parameters: { SmsPerAddressPerHour: '100' } });
  functions = await deployedFunctions();
});
afterAll(() => cloud?.stop());

const nothing = { poolRequests: 0, mails: 0, texts: 0 };
/** What each costs today; whoever makes one dearer has to say so here and in docs/methods. */
const budgets: Readonly<Record<string, Spent>> = {
  'password, e-mail code': {
    ...nothing,
    read: 15,
    write: 20,
    calls: { 'sign-in': 10, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 4,
    mails: 1,
  },
  'magic link, no password': {
    ...nothing,
    read: 14.5,
    write: 29,
    calls: { 'sign-in': 9, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 3,
    mails: 1,
  },
  'password, TOTP': {
    ...nothing,
    read: 14,
    write: 20,
    calls: { 'sign-in': 10, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 4,
  },
  'password, passkey': {
    ...nothing,
    read: 14.5,
    write: 21,
    calls: { 'sign-in': 10, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 4,
  },
  'passkey alone': {
    ...nothing,
    read: 10.5,
    write: 25,
    calls: { 'sign-in': 6, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 2,
  },
  'password, SMS code': {
    ...nothing,
    read: 17,
    write: 36,
    calls: { 'sign-in': 10, 'auth-api': 2 },
    apiRequests: 2,
    poolRequests: 4,
    texts: 1,
  },
  'password, recovery code in place of TOTP': {
    ...nothing,
    read: 17.5,
    write: 21,
    calls: { 'sign-in': 13, 'auth-api': 3 },
    apiRequests: 3,
    poolRequests: 5,
  },
  'step-up by passkey': {
    ...nothing,
    read: 12.5,
    write: 21,
    calls: { 'sign-in': 7, 'auth-api': 2, authorizer: 2 },
    apiRequests: 2,
    poolRequests: 3,
  },
  'refresh, tokens': {
    ...nothing,
    read: 2,
    write: 1,
    calls: { 'sign-in': 1, 'auth-api': 1 },
    apiRequests: 1,
    poolRequests: 1,
  },
  'refresh, cookie': {
    ...nothing,
    read: 3.5,
    write: 4,
    calls: { 'sign-in': 1, 'auth-api': 1 },
    apiRequests: 1,
    poolRequests: 1,
  },
  'API call, bearer': {
    ...nothing,
    read: 3,
    write: 0,
    calls: { 'account-api': 1, authorizer: 1 },
    apiRequests: 1,
  },
  'API call, cookie': {
    ...nothing,
    read: 3.5,
    write: 0,
    calls: { 'account-api': 1, authorizer: 1 },
    apiRequests: 1,
  },
};

describe('the cost on the way to the answer', () => {
  it('has a budget for every method', () => {
    expect(Object.keys(budgets)).toEqual(methodCases.map(({ name }) => name));
  });

  it.each(methodCases)('of $name stays within its budget', async ({ name, isRepeatable, prepare }) => {
    const act = await prepare(cloud.outputs);
    if (isRepeatable) await act(); // what is read once per environment or session is read
    cloud.meter.reset();
    await act();
    const spent = spentIn(cloud.meter.read());
    expectAtMost(spent, budgets[name] ?? { ...nothing, read: 0, write: 0, calls: {}, apiRequests: 0 });
  });
});

function expectAtMost({ calls, ...spent }: Spent, { calls: callLimits, ...limits }: Spent): void {
  expect(spent.read).toBeGreaterThan(0); // nothing counted would prove nothing
  for (const [what, limit] of [...Object.entries(limits), ...Object.entries(callLimits)]) {
    const count = { ...spent, ...calls }[what] ?? 0;
    expect(count, `${what} of ${JSON.stringify({ ...spent, calls })}`).toBeLessThanOrEqual(limit);
  }
  expect(Object.keys(callLimits)).toEqual(expect.arrayContaining(Object.keys(calls)));
}

function spentIn(counts: Readonly<Record<string, number>>): Spent {
  const { inPath } = usePerRun(counts, 1, functions);
  return {
    read: inPath.readUnits,
    write: inPath.writeUnits,
    calls: Object.fromEntries(inPath.invocations.map(({ name, count }) => [name, count])),
    apiRequests: inPath.restApiRequests,
    poolRequests: inPath.poolRequests,
    mails: inPath.mails,
    texts: inPath.texts,
  };
}
