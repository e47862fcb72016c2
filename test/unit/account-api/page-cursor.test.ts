import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { pageCursor } from '../../../lambdas/account-api/page-cursor.ts';
import { aSub, NOW } from '../../support/account.ts';
import { testPseudonyms } from '../../support/account-api.ts';

const cursors = pageCursor(testPseudonyms, 'activity');
const [ada, eve] = [aSub(), aSub()];
const refused = expect.objectContaining({
  code: 'REQUEST_INVALID',
  fields: [expect.objectContaining({ pointer: '/query/cursor' })],
});

describe('pageCursor', () => {
  it('opens what it sealed for the same person', async () => {
    const position = ulid(NOW);
    expect(await cursors.open(ada, await cursors.seal(ada, position))).toBe(position);
  });

  it('has no cursor for the last page, and no position without a cursor', async () => {
    expect(await cursors.seal(ada, undefined)).toBeUndefined();
    expect(await cursors.open(ada, undefined)).toBeUndefined();
  });

  it('refuses the cursor of another person or another list', async () => {
    const cursor = await cursors.seal(ada, ulid(NOW));
    await expect(cursors.open(eve, cursor)).rejects.toEqual(refused);
    await expect(pageCursor(testPseudonyms, 'consent-history').open(ada, cursor)).rejects.toEqual(refused);
  });

  it('refuses anything that it did not make', () =>
    fc.assert(
      fc.asyncProperty(fc.base64String(), async (text) => {
        await expect(cursors.open(ada, text)).rejects.toEqual(refused);
      }),
    ));

  it('refuses a position that was moved', async () => {
    const sealed = Buffer.from((await cursors.seal(ada, ulid(NOW))) ?? '', 'base64url').toString();
    const moved = Buffer.from(`${ulid(NOW + 1)}${sealed.slice(26)}`).toString('base64url');
    await expect(cursors.open(ada, moved)).rejects.toEqual(refused);
  });
});
