import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemAnswer } from '../../../lambdas/api/answer.ts';
import { requireAssurance } from '../../../lambdas/api/assurance.ts';
import { reauthentication } from '../../../lambdas/api/routes/table.ts';
import type { Caller } from '../../../lambdas/api/types.ts';
import { CiamError } from '../../../lambdas/core/errors.ts';
import type { Sub } from '../../../lambdas/core/ids.ts';
import { type Method, methods } from '../../../lambdas/core/risk/decision.ts';
import { levelOf, meets } from '../../../lambdas/core/session/assurance.ts';

const now = 1_800_000_000;
const aCaller = (changes: Partial<Caller> = {}): Caller => ({
  sub: 'me' as Sub,
  scopes: [],
  clientId: 'web',
  sessionKey: 'session-1',
  level: 1,
  methods: ['password'],
  authenticatedAt: now,
  ...changes,
});

describe('what a route demands of a session', () => {
  it.each([
    { session: 'level 1, fresh', reachable: 1, caller: aCaller(), asks: undefined },
    { session: 'level 1, fresh, with a factor', reachable: 2, caller: aCaller(), asks: 2 },
    { session: 'level 2, fresh', reachable: 2, caller: aCaller({ level: 2 }), asks: undefined },
    {
      session: 'level 2, old',
      reachable: 2,
      caller: aCaller({ level: 2, authenticatedAt: now - 601 }),
      asks: 2,
    },
    { session: 'level 1, old', reachable: 1, caller: aCaller({ authenticatedAt: now - 601 }), asks: 1 },
    {
      session: 'level 1, just in time',
      reachable: 1,
      caller: aCaller({ authenticatedAt: now - 600 }),
      asks: undefined,
    },
    { session: 'of the future', reachable: 1, caller: aCaller({ authenticatedAt: now + 60 }), asks: 1 },
    { session: 'we vouch for nothing', reachable: 1, caller: aCaller({ level: 0 }), asks: 1 },
  ] as const)('$session: asks for $asks', async ({ reachable, caller, asks }) => {
    const asked = requireAssurance(caller, reauthentication, now, async () => reachable);
    if (asks === undefined) await expect(asked).resolves.toBeUndefined();
    else
      await expect(asked).rejects.toMatchObject({
        code: 'STEP_UP_REQUIRED',
        stepUp: { level: asks, maxAgeSeconds: 600 },
      });
  });

  it('is 2 where nobody can say what is enrolled, and nothing when that cannot be read', async () => {
    await expect(requireAssurance(aCaller(), reauthentication, now, undefined)).rejects.toMatchObject({
      stepUp: { level: 2 },
    });
    const broken = () => Promise.reject(new Error('throttled'));
    await expect(requireAssurance(aCaller(), reauthentication, now, broken)).rejects.toThrow('throttled');
  });

  it('is said as RFC 9470 wants it, and in the body, as API Gateway renames the header', () => {
    const error = new CiamError('STEP_UP_REQUIRED', 'No.', { stepUp: { level: 2, maxAgeSeconds: 600 } });
    const { statusCode, headers, body } = problemAnswer(error, { requestId: 'r' });
    expect(statusCode).toBe(401);
    expect(headers?.['WWW-Authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A fresh or stronger proof is needed", acr_values="urn:vestibule:aal:2", max_age="600"',
    );
    expect(JSON.parse(body)).toMatchObject({ stepUp: { level: 2, maxAgeSeconds: 600 } });
  });
});

const someMethods = fc.subarray([...methods]);

describe('assurance', () => {
  it('never comes from e-mail, nor from a second factor alone', () =>
    fc.assert(
      fc.property(someMethods, (proven) => {
        const strong = proven.some((method) => ['totp', 'sms-code', 'recovery-code'].includes(method));
        const expected = proven.includes('passkey') || (proven.includes('password') && strong);
        expect(levelOf(proven)).toBe(expected ? 2 : 1);
      }),
    ));

  it('grows with every further proof', () =>
    fc.assert(
      fc.property(
        someMethods,
        fc.constantFrom<Method>(...methods),
        (proven, one) => levelOf([...proven, one]) >= levelOf(proven),
      ),
    ));

  it('only ages', () =>
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(1_000), (age, more, maxAgeSeconds) => {
        const demand = { level: 1, maxAgeSeconds } as const;
        const later = meets({ level: 1, authenticatedAt: now - age - more }, demand, now);
        expect(later && !meets({ level: 1, authenticatedAt: now - age }, demand, now)).toBe(false);
      }),
    ));
});
