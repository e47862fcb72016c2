import type { Engine } from '../engine.ts';
import { invalidParameter } from '../errors.ts';
import { isUsablePublicValue } from '../srp.ts';
import type { SignInCall } from './sign-in.ts';

const timestampToleranceMs = 5 * 60_000;

/** @throws AwsError `InvalidParameterException` when missing or of no use in the group */
export function readClientPublic(call: SignInCall): string {
  const value = call.parameters.SRP_A;
  if (!value) throw invalidParameter('Missing required parameter SRP_A');
  if (!isUsablePublicValue(value)) throw invalidParameter('Invalid SRP_A');
  return value;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const timestampPattern = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/;

/**
 * `Tue Nov 3 08:05:02 UTC 2026`. Compared with the cloud's time and with the machine's: a client outside the local
 * cloud does not follow a clock that a test moved.
 */
export function isFresh(engine: Engine, text: string): boolean {
  const [, month = '', day, hour, minute, second, year] = timestampPattern.exec(text) ?? [];
  if (!months.includes(month)) {
    throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.');
  }
  const time = Date.UTC(
    Number(year),
    months.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return [engine.cloud.clock.now(), Date.now()].some((now) => Math.abs(now - time) <= timestampToleranceMs);
}
