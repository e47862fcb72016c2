import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFilter } from '../../../lambdas/adapters/lazy/compromised-passwords.ts';
import { askRange, shippedList } from '../../../lambdas/adapters/password-lists.ts';
import { buildFilter, filterHolds } from '../../../lambdas/core/registration/password-filter.ts';
import { filterFile, listedPasswords } from '../../../scripts/build-password-filter.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

describe('the list that is shipped', () => {
  it('knows every entry it was built from', async () => {
    const entries = listedPasswords();
    expect(entries.length).toBeGreaterThan(45_000);
    const filter = openFilter();
    expect(entries.filter((entry) => !filterHolds(filter, sha256(entry)))).toEqual([]);
    expect(await shippedList().hasAny(['nowhere at all', 'trustno1'])).toBe(true);
  });

  it('takes no more than 1 in 30,000 others for one of them', () => {
    const filter = openFilter();
    const tries = 1_000_000;
    let wrong = 0;
    for (let index = 0; index < tries; index += 1) {
      if (filterHolds(filter, sha256(`other ${index}`))) wrong += 1;
    }
    expect(wrong / tries).toBeLessThan(1 / 30_000); // 1 in 65,536 by construction
  });

  it('is what the sources make, byte for byte', async () => {
    const file = new URL('../../../lambdas/adapters/lazy/compromised-passwords.json', import.meta.url);
    expect(sha256(await readFile(file, 'utf8'))).toEqual(sha256(filterFile()));
  });
});

describe('the filter', () => {
  it.each([0, 1, 2, 3, 100, 5_000])('holds all of %i entries', (count) => {
    const digests = Array.from({ length: count }, () =>
      createHash('sha256').update(randomBytes(16)).digest(),
    );
    const filter = [0, 1, 2, 3].map((extra) => buildFilter(digests, extra)).find(Boolean);
    expect(filter && digests.every((digest) => filterHolds(filter, digest))).toBe(true);
  });
});

describe('the range query', () => {
  const seen: { url?: string; padding?: string | string[] }[] = [];
  let answer: { status: number; body: string } = { status: 200, body: '' };
  const server = createServer((request, response) => {
    seen.push({ url: request.url, padding: request.headers['add-padding'] });
    if (answer.status === 0) return; // says nothing
    response.writeHead(answer.status, answer.status === 302 ? { location: '/elsewhere' } : {});
    response.end(answer.body);
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const faults: unknown[] = [];
  const ask = (password: string) => askRange({ url }, (error) => faults.push(error))(password);
  const digest = createHash('sha1').update('a leaked password').digest('hex').toUpperCase();
  const padding = `${'0'.repeat(35)}:0`;

  it('sends five digits and nothing else, and finds the rest in the answer', async () => {
    answer = { status: 200, body: `${padding}\r\n${digest.slice(5)}:42\r\n` };
    expect(await ask('a leaked password')).toBe(true);
    expect(seen.at(-1)).toEqual({ url: `/range/${digest.slice(0, 5)}`, padding: 'true' });
    expect(await ask('another password')).toBe(false);
  });

  it('takes padding for what it is', async () => {
    answer = { status: 200, body: `${digest.slice(5)}:0\r\n${padding}` };
    expect(await ask('a leaked password')).toBe(false);
  });

  it.each([
    ['an error', { status: 503, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['something else', { status: 200, body: '<html>hotel Wi-Fi</html>' }],
    ['silence', { status: 0, body: '' }],
  ])('has no answer after %s, and says so in the log without the URL', async (_what, given) => {
    answer = given;
    faults.length = 0;
    expect(await ask('a leaked password')).toBeUndefined();
    expect(faults).toHaveLength(1);
  });
});
