import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import type { Pseudonym, Sub } from '../../../../lambdas/core/ids.ts';
import {
  type ErasureArea,
  type ErasureMarker,
  type ErasurePorts,
  erasePerson,
  maxMailFailures,
} from '../../../../lambdas/core/privacy/erasure.ts';

const sub = 'person' as Sub;
const other = 'other' as Sub;
const plan = { userNames: ['ada'], addresses: ['address' as Pseudonym] };
const areaNames = ['user-pool', 'address', 'links', 'sessions', 'profile'] as const;

class Crash extends Error {}

/** Everything in memory; any step may be the last one of a run, before or after it took effect. */
class World {
  mark: ErasureMarker | undefined = {
    sub,
    reason: 'erasure',
    id: 'e1',
    at: '2026-11-22T12:00:00.000Z',
    mailFailures: 0,
  };
  readonly stored = new Map<string, Set<Sub>>(areaNames.map((name) => [name, new Set([sub, other])]));
  readonly mails: string[] = [];
  readonly events: AuditEvent[] = [];
  limited = 0;
  brokenMails = 0;
  /** Steps until the next crash; `after` says on which side of its effect. */
  private crashes: { in: number; after: boolean }[];

  constructor(crashes: readonly { in: number; after: boolean }[] = []) {
    this.crashes = crashes.map((crash) => ({ ...crash }));
  }

  get crashesLeft(): number {
    return this.crashes.length;
  }

  private async step<T>(effect: () => T): Promise<T> {
    const [next] = this.crashes;
    await Promise.resolve(); // lets parallel runs take turns
    if (next && next.in-- === 0) {
      this.crashes.shift();
      if (next.after) effect();
      throw new Crash('the environment died');
    }
    return effect();
  }

  private area(name: string): ErasureArea {
    const people = this.stored.get(name) ?? new Set();
    return {
      name,
      erase: () =>
        this.step(() => {
          // What leads elsewhere is written down first, and what is needed for the mail goes after it.
          expect(this.mark?.plan ?? this.mark?.reason).toBeDefined();
          people.delete(sub);
        }),
      isEmpty: () => this.step(() => !people.has(sub)),
    };
  }

  ports(): ErasurePorts {
    const underWay = (marker: ErasureMarker) =>
      this.mark?.reason === 'erasure' && this.mark.id === marker.id ? this.mark : undefined;
    return {
      markers: {
        find: () => this.step(() => this.mark && { ...this.mark }),
        plan: (marker, wanted) =>
          this.step(() => {
            const mark = underWay(marker);
            if (mark) this.mark = { ...mark, plan: mark.plan ?? wanted };
            return this.mark?.plan ?? wanted;
          }),
        noteFarewell: (marker, farewell) =>
          this.step(() => {
            const mark = underWay(marker);
            if (mark) this.mark = { ...mark, farewell: mark.farewell ?? farewell };
            return this.mark?.farewell ?? farewell;
          }),
        mailFailed: (marker) =>
          this.step(() => {
            const mark = underWay(marker);
            if (mark) this.mark = { ...mark, mailFailures: mark.mailFailures + 1 };
            return this.mark?.mailFailures ?? Number.POSITIVE_INFINITY;
          }),
        complete: (marker, event) =>
          this.step(() => {
            const mark = underWay(marker);
            if (!mark) return false;
            this.mark = { sub, reason: 'erased', id: mark.id, at: mark.at, mailFailures: 0 };
            this.events.push(event);
            return true;
          }),
      },
      planFor: () =>
        this.step(() => (this.stored.get('user-pool')?.has(sub) ? plan : { ...plan, userNames: [] })),
      contactOf: () =>
        this.step(() => (this.stored.get('profile')?.has(sub) ? { email: 'ada@example.com' } : undefined)),
      sendFarewell: (_, { email }) =>
        this.step(() => {
          if (this.brokenMails-- > 0) throw new Error('the mail service is down');
          this.mails.push(email);
        }),
      areas: areaNames.map((name) => this.area(name)),
      limitEvidence: () =>
        this.step(() => {
          this.limited += 1;
        }),
      kept: ['consents', 'audit'],
      clock: { now: () => Date.parse('2026-11-22T12:00:05.000Z') },
      random: { ulid: () => '01JD9Z0000AAAAAAAAAAAAAAAA' },
    };
  }

  isErased = (): boolean => [...this.stored.values()].every((people) => !people.has(sub));
  /** Delivered again as long as it fails, as by EventBridge and Lambda. */
  async deliver(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      try {
        await erasePerson(this.ports(), sub);
        return;
      } catch (error) {
        if (!(error instanceof Crash) && !/down|not empty/.test(String(error))) throw error;
      }
    }
    throw new Error('never came to an end');
  }
}

const crashes = fc.array(fc.record({ in: fc.nat(40), after: fc.boolean() }), { maxLength: 8 });

describe('an erasure', () => {
  it('says goodbye, erases everything, and tells what stays, once', async () => {
    const world = new World();
    expect(await erasePerson(world.ports(), sub)).toBe('completed');
    expect(world.mails).toEqual(['ada@example.com']);
    expect(world.events).toEqual([
      expect.objectContaining({
        type: 'erasure.completed',
        actor: 'system',
        data: { erasure: 'e1', erased: [...areaNames], kept: ['consents', 'audit'], farewell: 'sent' },
      }),
    ]);
    expect(await erasePerson(world.ports(), sub)).toBe('completed-before');
    expect(world.mails).toHaveLength(1);
  });

  it('does nothing for somebody who did not ask', async () => {
    const world = new World();
    world.mark = undefined;
    expect(await erasePerson(world.ports(), sub)).toBe('not-requested');
    expect(world.isErased()).toBe(false);
  });

  it('comes to the same end through any crashes and parallel deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, fc.integer({ min: 1, max: 3 }), async (planned, deliveries) => {
        const world = new World(planned);
        await Promise.all(Array.from({ length: deliveries }, () => world.deliver()));
        expect(world.isErased()).toBe(true);
        expect([...world.stored.values()].every((people) => people.has(other))).toBe(true);
        expect(world.mark?.reason).toBe('erased');
        expect(world.events).toHaveLength(1);
        expect(world.limited).toBeGreaterThan(0);
        // The goodbye went out before the address was gone, and the event says so truly.
        expect(world.events[0]?.data?.farewell).toBe('sent');
        expect(world.mails.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('never ends before everything is gone', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, async (planned) => {
        const world = new World(planned);
        await erasePerson(world.ports(), sub).catch(() => undefined);
        if (world.events.length > 0) expect(world.isErased()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('erases what came in between, also after the end', async () => {
    const world = new World();
    await erasePerson(world.ports(), sub);
    world.stored.get('sessions')?.add(sub);
    expect(await erasePerson(world.ports(), sub)).toBe('completed-before');
    expect(world.isErased()).toBe(true);
    expect(world.events).toHaveLength(1);
  });

  it('is not held up for ever by a mailbox that takes nothing, and says so', async () => {
    const world = new World();
    world.brokenMails = maxMailFailures;
    await world.deliver();
    expect(world.mails).toEqual([]);
    expect(world.events[0]?.data?.farewell).toBe('not-sent');
  });

  it('fails rather than lie when something does not go away', async () => {
    const world = new World();
    const ports = world.ports();
    const stuck: ErasureArea = { name: 'stuck', erase: async () => {}, isEmpty: async () => false };
    await expect(erasePerson({ ...ports, areas: [...ports.areas, stuck] }, sub)).rejects.toThrow(
      'not empty: stuck',
    );
    expect(world.events).toEqual([]);
  });
});
