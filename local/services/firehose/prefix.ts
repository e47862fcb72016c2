import { randomBytes } from 'node:crypto';

/**
 * Expands the expressions of an S3 prefix with the arrival time of a batch's first record, in UTC.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function expandPrefix(prefix: string, arrivedAt: number, errorType = ''): string {
  const time = new Date(arrivedAt);
  const hasTime = prefix.includes('!{timestamp:');
  const expanded = prefix.replaceAll(/!\{(\w+):([^}]*)\}/g, (whole, namespace: string, value: string) => {
    if (namespace === 'timestamp') return formatTime(value, time);
    if (namespace !== 'firehose') return whole;
    if (value === 'error-output-type') return errorType;
    return value === 'random-string' ? randomBytes(8).toString('base64url').slice(0, 11) : whole;
  });
  // without an expression for the time, Firehose adds its own
  return hasTime ? expanded : `${expanded}${formatTime('yyyy/MM/dd/HH/', time)}`;
}

const fields: Readonly<Record<string, (time: Date) => number>> = {
  yyyy: (time) => time.getUTCFullYear(),
  MM: (time) => time.getUTCMonth() + 1,
  dd: (time) => time.getUTCDate(),
  HH: (time) => time.getUTCHours(),
  mm: (time) => time.getUTCMinutes(),
  ss: (time) => time.getUTCSeconds(),
};

/** The letters of Java's DateTimeFormatter that prefixes use; text in single quotes stays. */
export const formatTime = (pattern: string, time: Date): string =>
  pattern.replaceAll(/'([^']*)'|yyyy|MM|dd|HH|mm|ss/g, (token, quoted?: string) => {
    const field = fields[token];
    return field ? String(field(time)).padStart(token.length, '0') : (quoted ?? token);
  });

/** `<stream>-<version>-<time>-<id>`, the same for the same batch however often it is delivered. */
export const objectName = (stream: string, arrivedAt: number, id: string): string =>
  `${stream}-1-${formatTime('yyyy-MM-dd-HH-mm-ss', new Date(arrivedAt))}-${id}`;
