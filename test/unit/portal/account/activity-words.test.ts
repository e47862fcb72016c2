import { beforeAll, describe, expect, it } from 'vitest';
import { auditEventTypes } from '../../../../lambdas/core/audit/event.ts';
import {
  iconOf,
  isTelling,
  type Names,
  wordsOf,
} from '../../../../portal/src/pages/account/activity-words.ts';
import type { ActivityEvent } from '../../../../portal/src/pages/account/attention.ts';
import { languages, withText } from '../../../../portal/src/text/text.ts';

const files = import.meta.glob<Record<string, string>>('../../../../portal/messages/*/activity.json', {
  eager: true,
  import: 'default',
});
const textsOf = (language: string) => files[`../../../../portal/messages/${language}/activity.json`] ?? {};

const names: Names = {
  purpose: (purpose) => (purpose === 'newsletter' ? 'Newsletter' : purpose),
  field: (field) => (field === 'city' ? 'City' : undefined),
  network: 'here',
};

const anEvent = (changes: Partial<ActivityEvent>): ActivityEvent => ({
  id: '01JD8',
  type: 'sign-in.succeeded',
  at: '2026-11-22T12:00:00.000Z',
  actor: 'self',
  outcome: 'success',
  reasons: [],
  data: {},
  ...changes,
});
const words = (changes: Partial<ActivityEvent>) => wordsOf(anEvent(changes), names);

beforeAll(() => withText(['account', 'activity'], async () => undefined));

describe('activity in words', () => {
  it.each(languages)('has a text in %s for every type of event', (language) => {
    const texts = textsOf(language);
    expect(auditEventTypes.filter((type) => !texts[`event.${type}`])).toEqual([]);
  });

  it.each(auditEventTypes)('fills in all of %s', (type) => {
    const { title, details } = words({ type });
    expect(title).not.toMatch(/[{}]|undefined|event\./);
    expect(details.join()).not.toMatch(/[{}]|undefined/);
    expect(iconOf({ type, outcome: 'success' })).toBeTruthy();
  });

  it('never shows a code that has no words', () => {
    const { title, details } = words({ type: 'sign-in.refused', reasons: ['NO_METHOD_LEFT', 'X_NEW'] });
    expect([title, ...details].join()).not.toMatch(/[A-Z]{2,}_/);
  });

  it('an event that it does not know is still a line', () => {
    expect(words({ type: 'something.new' }).title).toBe('Something changed in your account');
  });

  it.each<{ given: Partial<ActivityEvent>; title: string; details: readonly string[] }>([
    {
      given: {
        data: { newDevice: true },
        device: 'Firefox on Windows',
        network: 'there',
        reasons: ['DEVICE_NEW', 'NETWORK_NEW'],
      },
      title: 'Signed in on a new device',
      details: ['Firefox on Windows', 'not the network you use now', 'new network'],
    },
    { given: { device: 'Script', network: 'here' }, title: 'Signed in', details: ['A program'] },
    {
      given: { type: 'profile.changed', data: { fields: ['city', 'locale', 'gone'], version: 2 } },
      title: 'Profile changed',
      details: ['City and Language'],
    },
    {
      given: { type: 'consent.granted', data: { purpose: 'newsletter' } },
      title: 'Agreed to: Newsletter',
      details: [],
    },
    {
      given: { type: 'factor.enrolled', data: { factor: 'totp' } },
      title: 'Added: Authenticator app',
      details: [],
    },
    {
      given: { type: 'session.ended', data: { scope: 'others' } },
      title: 'All other sessions were ended',
      details: [],
    },
    {
      given: { type: 'session.ended', actor: 'operator', device: 'Firefox on Linux' },
      title: 'Your sessions were ended',
      details: ['by our team'],
    },
    {
      given: { type: 'sign-in.code-sent', outcome: 'failure', data: { method: 'email-code' } },
      title: 'A sign-in code could not be sent',
      details: [],
    },
    {
      given: { type: 'sign-in.code-sent', data: { method: 'sms-code' } },
      title: 'A sign-in code was sent by text message',
      details: [],
    },
  ])('says $title', ({ given, title, details }) => expect(words(given)).toEqual({ title, details }));

  it('asks about what a thief would do, and not about what failed or others did', () => {
    const telling = (changes: Partial<ActivityEvent>) => isTelling(anEvent(changes));
    expect(telling({})).toBe(true);
    expect(telling({ type: 'factor.removed' })).toBe(true);
    expect(telling({ type: 'factor.refused', outcome: 'refused' })).toBe(false);
    expect(telling({ type: 'consent.granted' })).toBe(false);
    expect(telling({ type: 'session.ended', actor: 'operator' })).toBe(false);
  });
});
