import { describe, expect, it } from 'vitest';
import type { Pseudonym, Sub } from '../../../../lambdas/core/ids.ts';
import { activityOf } from '../../../../lambdas/core/profile/activity.ts';
import { aSub } from '../../../support/account.ts';
import { anEvent } from '../../../support/audit.ts';

const sub = aSub();

describe('activityOf', () => {
  it('shows what happened, where and why, without the inner workings of the score', () => {
    const event = anEvent({
      subject: { sub },
      type: 'sign-in.challenged',
      reasons: ['DEVICE_NEW'],
      door: 'api',
      device: 'Firefox on Windows',
      network: 'n'.repeat(22) as Pseudonym,
      data: { method: 'email-code', score: 40, policyVersion: 1 },
    });
    expect(activityOf(event, sub)).toEqual({
      id: event.id,
      type: 'sign-in.challenged',
      at: event.at,
      actor: 'self',
      outcome: 'success',
      reasons: ['DEVICE_NEW'],
      door: 'api',
      device: 'Firefox on Windows',
      network: 'n'.repeat(22),
      data: { method: 'email-code' },
    });
  });

  it.each([
    { what: 'about somebody else', event: anEvent({ subject: { sub: 'other' as Sub } }) },
    { what: 'about no account', event: anEvent({ subject: { pseudonym: 'p' as Pseudonym } }) },
    { what: 'routine', event: anEvent({ subject: { sub }, type: 'session.refreshed' }) },
  ])('does not show an event that is $what', ({ event }) => {
    expect(activityOf(event, sub)).toBeUndefined();
  });
});
