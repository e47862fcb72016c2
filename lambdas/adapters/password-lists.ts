import { createHash } from 'node:crypto';
import { type PasswordCheck, type PasswordLists, passwordCheck } from '../core/registration/password.ts';
import { filterHolds, type PasswordFilter } from '../core/registration/password-filter.ts';

/** A service that answers in the format of Have I Been Pwned: `GET <url><first five hex digits of SHA-1>`. */
export interface RangeQuery {
  readonly url: string;
}

/** The list that is shipped; loaded at the first password, about 2 ms. */
export function shippedList(): Pick<PasswordLists, 'hasAny'> {
  let opened: Promise<PasswordFilter> | undefined;
  return {
    hasAny: async (forms) => {
      opened ??= import('./lazy/compromised-passwords.ts').then(({ openFilter }) => openFilter());
      const filter = await opened;
      return forms.some((form) => filterHolds(filter, createHash('sha256').update(form).digest()));
    },
  };
}

/** A person waits for it, and the list that is shipped has answered already. */
const timeoutMs = 800;
/** A prefix has about 1,000 suffixes today, 40 kB; padding makes it no more than twice that. */
const maxAnswerLength = 500_000;

/**
 * k-anonymity: only five of forty hex digits leave, and padding hides how many there are for them.
 * @returns `undefined` when there is no answer in time or none in that format
 */
export const askRange =
  ({ url }: RangeQuery, log: (error: unknown) => void, fetchRange: typeof fetch = fetch) =>
  async (password: string): Promise<boolean | undefined> => {
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
    try {
      const response = await fetchRange(`${url}${digest.slice(0, 5)}`, {
        headers: { 'Add-Padding': 'true' },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`range query: status ${response.status}`);
      const answer = await response.text();
      if (answer.length > maxAnswerLength || !/^[0-9A-F]{35}:\d+/i.test(answer)) {
        throw new Error('range query: not the expected format');
      }
      return countOf(answer, digest.slice(5)) > 0; // padding has the count 0
    } catch (error) {
      log(error);
      return undefined;
    }
  };

const countOf = (answer: string, suffix: string): number => {
  const line = answer.split(/\r?\n/).find((one) => one.toUpperCase().startsWith(`${suffix}:`));
  return Number(line?.slice(suffix.length + 1) ?? 0);
};

/** @param rangeQuery - of the configuration; without it nothing leaves the function */
export const compromisedPasswords = (rangeQuery?: RangeQuery): PasswordCheck =>
  passwordCheck({ ...shippedList(), ...(rangeQuery && { askElsewhere: askRange(rangeQuery, rangeFailed) }) });

/** The error's name and nothing else: a URL in its text would hold digits of the digest. */
const rangeFailed = (error: unknown): void =>
  console.error(
    JSON.stringify({
      level: 'warn',
      event: 'password-range-failed',
      name: error instanceof Error ? error.name : 'Unknown',
    }),
  );
