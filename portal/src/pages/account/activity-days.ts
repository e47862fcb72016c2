import { day } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { ActivityEvent } from './attention.ts';

export interface ActivityDay {
  /** `2026-11-22`, where the person is. */
  readonly key: string;
  readonly events: readonly ActivityEvent[];
}

/** Days of the person's own time zone, newest first. The API orders the events of one sign-in by its beginning only. */
export function daysOf(events: readonly ActivityEvent[]): readonly ActivityDay[] {
  const days = new Map<string, ActivityEvent[]>();
  for (const event of events.toSorted((left, right) => right.at.localeCompare(left.at))) {
    const key = localDay(new Date(event.at));
    days.set(key, [...(days.get(key) ?? []), event]);
  }
  return [...days].map(([key, ofDay]) => ({ key, events: ofDay }));
}

/** "Today", "Yesterday", or the date. */
export function dayTitle(key: string, now: Date): string {
  if (key === localDay(now)) return text('activity', 'today');
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (key === localDay(before)) return text('activity', 'yesterday');
  return day(`${key}T12:00:00`);
}

const localDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0'))
    .join('-');
