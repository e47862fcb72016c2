import { describe, expect, it } from 'vitest';
import { compileSchedule } from '../../../../local/services/events/schedule.ts';

// a Sunday
const after = Date.parse('2026-11-22T12:34:56.000Z');
const next = (expression: string) => {
  const due = compileSchedule(expression)(after);
  return Number.isFinite(due) ? new Date(due).toISOString() : 'never';
};

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', '2026-11-22T12:35:56.000Z'],
    ['rate(5 minutes)', '2026-11-22T12:39:56.000Z'],
    ['rate(1 hour)', '2026-11-22T13:34:56.000Z'],
    ['rate(30 days)', '2026-12-22T12:34:56.000Z'],
    ['cron(0 * * * ? *)', '2026-11-22T13:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-22T12:45:00.000Z'],
    ['cron(*/10 12 * * ? *)', '2026-11-22T12:40:00.000Z'],
    ['cron(15 3 * * ? *)', '2026-11-23T03:15:00.000Z'],
    ['cron(0 9 ? * 2-6 *)', '2026-11-23T09:00:00.000Z'],
    ['cron(0 0 1 1,7 ? *)', '2027-01-01T00:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 30 2 ? *)', 'never'],
    ['cron(0 0 1 1 ? 2020)', 'never'],
  ])('%s is due at %s', (expression, due) => expect(next(expression)).toBe(due));

  it.each([
    'rate(0 hours)',
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(1.5 hours)',
    'rate(1 week)',
    'cron(0 * * * *)',
    'cron(0 * * * * *)',
    'cron(0 * ? * ? *)',
    'cron(60 * * * ? *)',
    'cron(0 9 ? * MON-FRI *)',
    'cron(0 0 L * ? *)',
    'cron(5-1 * * * ? *)',
    'cron(0/0 * * * ? *)',
    'at(2026-11-22T12:00:00)',
    '',
  ])('%s is refused by name', (expression) =>
    expect(() => compileSchedule(expression)).toThrow(`ScheduleExpression is not valid: ${expression}`),
  );
});
