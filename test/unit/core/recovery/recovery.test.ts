import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import { CiamError } from '../../../../lambdas/core/errors.ts';
import type { Sub } from '../../../../lambdas/core/ids.ts';
import { guardRecovery } from '../../../../lambdas/core/recovery/guard.ts';
import {
  cancelRecovery,
  completeRecovery,
  confirmRecovery,
  requestedEvent,
  requestRecoveryCode,
  startRecovery,
} from '../../../../lambdas/core/recovery/recover.ts';
import { completionHours, requested, stateAt } from '../../../../lambdas/core/recovery/recovery.ts';
import { anEvent } from '../../../support/audit.ts';
import { RecoveryWorld } from '../../../support/recovery.ts';
import { aConfiguration, NOW } from '../../../support/registration.ts';

const HOUR = 3_600_000;
const sub = 'person' as Sub;
const policy = { delayHours: 72 };
const fresh = () => requested(undefined, { sub, id: 'first', by: 'self', now: NOW }, policy);

describe('a recovery', () => {
  it.each([
    { when: 'just requested', at: NOW, state: 'requested' },
    { when: 'a millisecond early', at: NOW + 72 * HOUR - 1, state: 'requested' },
    { when: 'after the delay', at: NOW + 72 * HOUR, state: 'ready' },
    { when: 'at the end of its window', at: NOW + (72 + completionHours) * HOUR - 1, state: 'ready' },
    { when: 'after it', at: NOW + (72 + completionHours) * HOUR, state: 'expired' },
    { when: 'by a clock that went back', at: NOW - HOUR, state: 'requested' },
  ])('is $state $when', ({ at, state }) => expect(stateAt(fresh(), at)).toBe(state));

  it('stays cancelled or completed for ever', () => {
    for (const status of ['cancelled', 'completed'] as const)
      expect(stateAt({ ...fresh(), status }, NOW + 1_000 * HOUR)).toBe(status);
  });

  it('that is under way is neither shortened nor prolonged by another request, whatever the delay is by then', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 336 }),
        fc.integer({ min: 0, max: (72 + completionHours) * HOUR - 1 }),
        fc.constantFrom('self' as const, 'operator' as const),
        (delayHours, later, by) => {
          const standing = fresh();
          const again = requested(standing, { sub, id: 'second', by, now: NOW + later }, { delayHours });
          expect(again).toBe(standing);
        },
      ),
    ));
});

const config = aConfiguration();
const askCode = (world: RecoveryWorld) =>
  requestRecoveryCode(world.ports, config, world.owner, { locale: 'en', perAddressPerHour: 20 });
const proofOf = (world: RecoveryWorld, password = world.password) => ({ code: world.mailedCode, password });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CiamError ? error.code : Promise.reject(error)),
  );
const confirm = (world: RecoveryWorld, password?: string) =>
  codeOf(confirmRecovery(world.ports, policy, world.owner, proofOf(world, password)));
const complete = (world: RecoveryWorld, password?: string) =>
  codeOf(completeRecovery(world.ports, world.owner, proofOf(world, password)));
const cancel = (world: RecoveryWorld) => codeOf(cancelRecovery(world.ports, world.sub, async () => true));
const factorProven = (world: RecoveryWorld): AuditEvent =>
  anEvent({
    type: 'sign-in.succeeded',
    subject: { sub: world.sub },
    outcome: 'success',
    at: new Date(world.time).toISOString(),
    data: { level: 2 },
  });

describe('the ladder', () => {
  it('leads from mailbox and password through the delay to an account without further factors', async () => {
    const world = new RecoveryWorld();
    await askCode(world);
    expect(await confirm(world)).toBe('done');
    expect(await complete(world)).toBe('RECOVERY_REJECTED'); // the code is used up
    await askCode(world);
    expect(await complete(world)).toBe('RECOVERY_WAITING');
    world.time += 72 * HOUR;
    await askCode(world);
    expect(await complete(world)).toBe('done');
    expect(world).toMatchObject({ factors: 0, sessionsEnded: 1 });
    expect(world.waits).toEqual([expect.any(Number)]);
    expect(world.events.map(({ type }) => type)).toEqual([
      'recovery.code-requested',
      'recovery.requested',
      'recovery.refused',
      'recovery.code-requested',
      'recovery.code-requested',
      'recovery.completed',
    ]);
  });

  it('has nothing to do where there is no further factor', async () => {
    const world = new RecoveryWorld();
    world.factors = 0;
    await askCode(world);
    expect(await confirmRecovery(world.ports, policy, world.owner, proofOf(world))).toBeUndefined();
    expect(world.recovery).toBeUndefined();
  });

  it('says the same to a wrong code, a wrong password and a stranger', async () => {
    const world = new RecoveryWorld();
    await askCode(world);
    const { code, password } = proofOf(world);
    const attempts = [
      { request: world.owner, proof: { code: '00000000', password } },
      { request: world.owner, proof: { code, password: 'not the password' } },
      {
        request: { ...world.owner, pseudonym: 'nobody' as typeof world.owner.pseudonym },
        proof: { code, password },
      },
    ];
    const answers: unknown[] = [];
    for (const { request, proof } of attempts) {
      const error = await confirmRecovery(world.ports, policy, request, proof).catch((e: CiamError) => e);
      answers.push(error instanceof CiamError && { code: error.code, line: error.publicMessage });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'RECOVERY_REJECTED' });
  });

  it('mails a stranger nothing and tells the caller nothing when a mail fails', async () => {
    const world = new RecoveryWorld();
    const stranger = { ...world.owner, pseudonym: 'nobody' as typeof world.owner.pseudonym };
    await requestRecoveryCode(world.ports, config, stranger, { locale: 'en', perAddressPerHour: 20 });
    expect(world.mails).toEqual([]);
    world.mailFailure = new Error('SES is down');
    await askCode(world);
    expect(world.mailFailures).toBe(1);
    expect(world.events.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual(
      Array(2).fill('recovery.code-requested success'),
    );
  });

  it('is ended by a proof of a further factor, but not by one from before the request', async () => {
    const world = new RecoveryWorld();
    const before = factorProven(world);
    world.time += HOUR;
    await askCode(world);
    await confirm(world);
    expect(await guardRecovery(world.ports, before)).toBe(false);
    const weak = { ...factorProven(world), data: { level: 1 } };
    expect(await guardRecovery(world.ports, weak)).toBe(false);
    expect(await guardRecovery(world.ports, factorProven(world))).toBe(true);
    expect(await guardRecovery(world.ports, factorProven(world))).toBe(false); // delivered again
    world.time += 80 * HOUR;
    await askCode(world);
    expect(await complete(world)).toBe('RECOVERY_REJECTED');
    expect(world.factors).toBe(2);
  });

  it('keeps the link of an older recovery from ending a newer one', async () => {
    const world = new RecoveryWorld();
    await askCode(world);
    await confirm(world);
    const older = world.recovery?.id;
    await cancel(world);
    await askCode(world);
    await confirm(world);
    await expect(
      cancelRecovery(world.ports, world.sub, async ({ id }) => id === older),
    ).rejects.toMatchObject({ code: 'RECOVERY_REJECTED' });
    expect(world.isOpen).toBe(true);
  });
});

/** What the checker knows beside the system: when a standing request began, as the rules are meant. */
interface Expected {
  /** Beginning of the request that nobody has cancelled. */
  waitingSince: number | undefined;
  removed: boolean;
  knowsPassword: boolean;
}

type Step = fc.AsyncCommand<Expected, RecoveryWorld>;

const step = (name: string, run: Step['run']): Step => ({ check: () => true, run, toString: () => name });

/** Nothing but the completion of a request that stood for the whole delay may remove a factor. */
function holds(model: Expected, world: RecoveryWorld): void {
  const isRemoved = world.factors === 0;
  if (isRemoved && !model.removed) {
    if (model.waitingSince === undefined) throw new Error('removed without a standing request');
    expect(world.time - model.waitingSince).toBeGreaterThanOrEqual(72 * HOUR);
    model.waitingSince = undefined;
  }
  model.removed = isRemoved;
}

const afterwards = (model: Expected, world: RecoveryWorld) => {
  if (model.waitingSince === undefined && world.isOpen) model.waitingSince = world.time;
  if (!world.isOpen && !(world.factors === 0)) model.waitingSince = undefined;
  holds(model, world);
};

/** Somebody who owns the mailbox: they read codes, reset the password, and try every step in every order, twice. */
const attacks: fc.Arbitrary<Step>[] = [
  fc.constant(
    step('asks for a code', async (model, world) => {
      await askCode(world);
      holds(model, world);
    }),
  ),
  fc.constant(
    step('resets the password', async (model, world) => {
      world.password = 'a password of the attacker';
      model.knowsPassword = true;
      holds(model, world);
    }),
  ),
  fc.constantFrom(1, 2).map((times) =>
    step(`confirms ${times} times`, async (model, world) => {
      await askCode(world);
      const password = model.knowsPassword ? world.password : 'guessed';
      const answers = await Promise.all(Array.from({ length: times }, () => confirm(world, password)));
      if (!model.knowsPassword) expect(answers).not.toContain('done');
      afterwards(model, world);
    }),
  ),
  fc.constantFrom(1, 2).map((times) =>
    step(`completes ${times} times`, async (model, world) => {
      await askCode(world);
      const had = world.factors;
      const password = model.knowsPassword ? world.password : 'guessed';
      const answers = await Promise.all(Array.from({ length: times }, () => complete(world, password)));
      if (had > 0) expect(answers.filter((answer) => answer === 'done').length).toBeLessThanOrEqual(1);
      holds(model, world);
    }),
  ),
  fc.constant(
    step('completes with a used code', async (model, world) => {
      await complete(world);
      holds(model, world);
    }),
  ),
  fc.constant(
    step('has an operator start it', async (model, world) => {
      await startRecovery(world.ports, { delayHours: 72 }, { sub: world.sub, by: 'operator' }, (recovery) =>
        requestedEvent(world.ports, recovery),
      );
      afterwards(model, world);
    }),
  ),
];

const owner: fc.Arbitrary<Step>[] = [
  fc.constant(
    step('the owner follows the link', async (model, world) => {
      const wasOpen = world.isOpen;
      await cancel(world);
      if (wasOpen) expect(world.recovery?.status).toBe('cancelled');
      afterwards(model, world);
    }),
  ),
  fc.constant(
    step('the owner signs in with a factor', async (model, world) => {
      await guardRecovery(world.ports, factorProven(world));
      expect(world.isOpen).toBe(false);
      afterwards(model, world);
    }),
  ),
  fc.constant(
    step('the owner enrols a factor again', async (model, world) => {
      if (world.factors === 0) world.factors = 1;
      holds(model, world);
    }),
  ),
];

const passing = fc
  .oneof(fc.integer({ min: 0, max: 71 }), fc.constantFrom(24, 71.999, 72, 73, 240, 300))
  .map((hours) =>
    step(`${hours} hours pass`, async (model, world) => {
      world.time += Math.round(hours * HOUR);
      if (!world.isOpen) model.waitingSince = undefined;
      holds(model, world);
    }),
  );

describe('no path', () => {
  it('leads from the mailbox, or mailbox and password, to a removed factor before the delay', () =>
    fc.assert(
      fc.asyncProperty(
        fc.commands([...attacks, ...owner, passing, passing], { size: '+2', maxCommands: 40 }),
        (steps) =>
          fc.asyncModelRun(
            () => ({
              model: { waitingSince: undefined, removed: false, knowsPassword: false },
              real: new RecoveryWorld(),
            }),
            steps,
          ),
      ),
      { numRuns: 400 },
    ));
});
