import { AwsError } from '../../platform.ts';

/**
 * When a rule with a schedule is due next, in epoch milliseconds.
 * @param after - epoch milliseconds of the last time, or of the creation of the rule
 */
export type Schedule = (after: number) => number;

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * `rate(1 hour)`, or `cron(…)` with six fields of numbers, lists, ranges, steps, `*` and `?`, in UTC.
 * @throws AwsError `ValidationException` for anything else, also for names of days, `L`, `W` and `#`
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function compileSchedule(expression: string): Schedule {
  const [, kind, inside = ''] = /^(rate|cron)\((.+)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return rate(inside, expression);
  if (kind === 'cron') return cron(inside, expression);
  throw invalid(expression);
}

function rate(inside: string, expression: string): Schedule {
  const [, digits = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  const count = Number(digits);
  // AWS insists on the singular for one and on the plural for more
  if (!count || (count === 1) === (plural === 's')) throw invalid(expression);
  const intervalMs = count * unitMs[unit as keyof typeof unitMs];
  return (after) => after + intervalMs;
}

interface Field {
  readonly min: number;
  readonly max: number;
}

const fields: readonly Field[] = [
  { min: 0, max: 59 }, // minutes
  { min: 0, max: 23 }, // hours
  { min: 1, max: 31 }, // day of the month
  { min: 1, max: 12 }, // month
  { min: 1, max: 7 }, // day of the week, 1 is Sunday
  { min: 1970, max: 2199 }, // year
];

/** A schedule that is not due within this time is never due: the 30th of February. */
const horizonMs = 4 * 366 * unitMs.day;

function cron(inside: string, expression: string): Schedule {
  const parts = inside.split(' ');
  const [, , day, , weekday] = parts;
  // one of the two days says `?`: both would contradict each other
  if (parts.length !== fields.length || (day === '?') === (weekday === '?')) throw invalid(expression);
  const tests = parts.map((part, index) => fieldTest(part, fields[index] as Field, expression));
  const fits = (time: Date): boolean =>
    [
      time.getUTCMinutes(),
      time.getUTCHours(),
      time.getUTCDate(),
      time.getUTCMonth() + 1,
      time.getUTCDay() + 1,
      time.getUTCFullYear(),
    ].every((value, index) => tests[index]?.(value));
  return (after) => {
    const first = (Math.floor(after / unitMs.minute) + 1) * unitMs.minute;
    for (let time = first; time < first + horizonMs; time += unitMs.minute) {
      if (fits(new Date(time))) return time;
    }
    return Number.POSITIVE_INFINITY;
  };
}

function fieldTest(part: string, { min, max }: Field, expression: string): (value: number) => boolean {
  const options = part.split(',').map((option) => {
    if (option === '?') return () => true;
    const [, from = '', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(option) ?? [];
    const low = from === '*' ? min : Number(from);
    const high = from === '*' || (step !== undefined && to === undefined) ? max : Number(to ?? from);
    const every = Number(step ?? 1);
    const isValid = from !== '' && low >= min && high <= max && low <= high && every >= 1;
    if (!isValid || (from === '*' && to !== undefined)) throw invalid(expression);
    return (value: number) => value >= low && value <= high && (value - low) % every === 0;
  });
  return (value) => options.some((fits) => fits(value));
}

const invalid = (expression: string): AwsError =>
  new AwsError(
    'ValidationException',
    `Parameter ScheduleExpression is not valid: ${expression} (the local cloud knows rate() and cron() with numbers)`,
  );
