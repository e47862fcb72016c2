import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProfileField } from '../../../../lambdas/core/configuration.ts';
import { emptyMemory, type Profile, type PromptMemory } from '../../../../lambdas/core/profile/profile.ts';
import { afterSkip, isOpen, nextPrompts, visitMinutes } from '../../../../lambdas/core/profile/prompts.ts';
import {
  accountRules,
  aField,
  aFieldRecord,
  aProfile,
  DAY,
  HOUR,
  iso,
  NOW,
} from '../../../support/account.ts';

const rules = accountRules().profile;
const all = () => true;
const onlyService = (purpose: string) => purpose === 'service';
const visit = visitMinutes * 60_000;
const names = (questions: readonly ProfileField[]) => questions.map(({ name }) => name);
const ask = (profile: Profile, now = NOW, permits: (purpose: string) => boolean = all) =>
  nextPrompts(profile, rules, permits, now);
const remembering = (prompts: Partial<PromptMemory>, changes: Partial<Profile> = {}) =>
  aProfile({ prompts: { ...emptyMemory, ...prompts }, ...changes });
const skipped = (name: string, count: number, daysAgo: number) =>
  remembering({ skipped: { [name]: { count, at: iso(NOW - daysAgo * DAY) } } });

describe('nextPrompts', () => {
  it('asks the heaviest missing fields, within the budget of the visit', () => {
    expect(names(ask(aProfile()).questions)).toEqual(['displayName', 'birthDate']);
  });

  it('asks nothing that is answered, kept for the profile page, or without consent', () => {
    const profile = aProfile({ fields: { displayName: aFieldRecord() } });
    expect(names(ask(profile, NOW, onlyService).questions)).toEqual(['city', 'children']);
  });

  it('keeps the configured order between equal weights', () => {
    const fields = ['b', 'a', 'c'].map((name) => aField({ name, weight: 7 }));
    const round = nextPrompts(aProfile(), { ...rules, fields }, all, NOW);
    expect(names(round.questions)).toEqual(['b', 'a']);
  });

  it('remembers the visit before it is shown, and asks the same within it', () => {
    const first = ask(aProfile());
    expect(first.remember).toEqual({
      revision: 1,
      lastAskedAt: iso(NOW),
      askedInVisit: ['displayName', 'birthDate'],
      skipped: {},
    });
    const again = ask(aProfile({ prompts: first.remember ?? emptyMemory }), NOW + visit - 1);
    expect(names(again.questions)).toEqual(['displayName', 'birthDate']);
    expect(again.remember).toBeUndefined();
  });

  it('does not draw another question for an answered or skipped one', () => {
    const prompts = ask(aProfile()).remember ?? emptyMemory;
    const answered = aProfile({ prompts, fields: { displayName: aFieldRecord() } });
    expect(names(ask(answered, NOW + 1).questions)).toEqual(['birthDate']);
    const skippedToo = aProfile({
      ...answered,
      prompts: afterSkip(prompts, 'birthDate', NOW + 2),
    });
    expect(ask(skippedToo, NOW + 3)).toEqual({ questions: [] });
  });

  it('withdraws a question from an open visit when its consent is withdrawn', () => {
    const prompts = ask(aProfile()).remember ?? emptyMemory;
    expect(names(ask(aProfile({ prompts }), NOW + 1, onlyService).questions)).toEqual(['displayName']);
  });

  it.each([
    { when: 'after the visit', after: visit, asked: 0 },
    { when: 'just before the cool-down ends', after: 24 * HOUR - 1, asked: 0 },
    { when: 'when the cool-down is over', after: 24 * HOUR, asked: 2 },
    { when: 'when the last visit lies in the future (another clock)', after: -HOUR, asked: 0 },
  ])('asks $asked questions $when', ({ after, asked }) => {
    const profile = remembering({ revision: 1, lastAskedAt: iso(NOW), askedInVisit: ['gone'] });
    expect(ask(profile, NOW + after).questions).toHaveLength(asked);
  });

  it.each([
    { given: 'one skip 29 days ago', profile: skipped('displayName', 1, 29), first: 'birthDate' },
    { given: 'one skip 30 days ago', profile: skipped('displayName', 1, 30), first: 'displayName' },
    {
      given: 'as many skips as allowed, long ago',
      profile: skipped('displayName', 2, 999),
      first: 'birthDate',
    },
  ])('asks $first first after $given', ({ profile, first }) => {
    expect(names(ask(profile).questions)[0]).toBe(first);
  });
});

describe('afterSkip', () => {
  it('closes the question for its visit, also when the clock of the visit is ahead', () => {
    const prompts = { ...emptyMemory, lastAskedAt: iso(NOW + 1_000), askedInVisit: ['city', 'children'] };
    const once = afterSkip(prompts, 'city', NOW);
    expect(once.skipped.city).toEqual({ count: 1, at: iso(NOW + 1_000) });
    expect([isOpen(once, 'city'), isOpen(once, 'children')]).toEqual([false, true]);
  });

  it('counts again in a later visit', () => {
    const prompts = {
      ...emptyMemory,
      lastAskedAt: iso(NOW),
      skipped: { city: { count: 1, at: iso(NOW - DAY) } },
    };
    expect(afterSkip(prompts, 'city', NOW + 1).skipped.city?.count).toBe(2);
  });
});

/** A person over many visits: what they do with each question and how long they stay away. */
const life = fc.array(
  fc.record({
    pauseHours: fc.integer({ min: 0, max: 24 * 40 }),
    does: fc.constantFrom('answers', 'skips', 'ignores'),
    consents: fc.boolean(),
  }),
  { maxLength: 40 },
);

interface Asking {
  readonly at: number;
  readonly questions: readonly string[];
  readonly begins: boolean;
}

function live(steps: readonly { pauseHours: number; does: string; consents: boolean }[]) {
  let [now, profile] = [NOW, aProfile()];
  const askings: Asking[] = [];
  const skips: Record<string, number> = {};
  for (const { pauseHours, does, consents } of steps) {
    now += pauseHours * HOUR;
    const round = ask(profile, now, consents ? all : onlyService);
    profile = { ...profile, prompts: round.remember ?? profile.prompts };
    askings.push({ at: now, questions: names(round.questions), begins: round.remember !== undefined });
    const [first] = round.questions;
    if (first && does === 'answers') {
      const record = aFieldRecord({ purpose: first.purpose });
      profile = { ...profile, fields: { ...profile.fields, [first.name]: record } };
    }
    if (first && does === 'skips') {
      profile = { ...profile, prompts: afterSkip(profile.prompts, first.name, now) };
      skips[first.name] = (skips[first.name] ?? 0) + 1;
    }
  }
  return { askings, skips };
}

describe('over any life of a profile', () => {
  it('never asks more than the budget, nor begins a visit within the cool-down', () =>
    fc.assert(
      fc.property(life, (steps) => {
        const { askings } = live(steps);
        const begun = askings.filter(({ begins }) => begins).map(({ at }) => at);
        const cooledDown = begun.every((at, index) => at - (begun[index - 1] ?? 0) >= 24 * HOUR);
        return cooledDown && askings.every(({ questions }) => questions.length <= rules.prompting.perVisit);
      }),
    ));

  it('never asks a question more often than it may be skipped', () =>
    fc.assert(
      fc.property(life, (steps) =>
        Object.values(live(steps).skips).every((count) => count <= rules.prompting.maxSkips),
      ),
    ));

  it('never asks for what is not consented', () =>
    fc.assert(
      fc.property(life, (steps) => {
        const gated = new Set(['birthDate', 'size']);
        return live(steps).askings.every(
          ({ questions }, index) =>
            steps[index]?.consents || !questions.some((question) => gated.has(question)),
        );
      }),
    ));

  it('asks the same of the same profile at the same time', () =>
    fc.assert(
      fc.property(life, (steps) => {
        expect(live(steps)).toEqual(live(steps));
      }),
    ));
});
