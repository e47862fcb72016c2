import { describe, expect, it } from 'vitest';
import { cognitoOperatorDirectory } from '../../../lambdas/adapters/operator-directory.ts';

const sub = '0d5f3c6e-7a11-4b61-9c3e-3f8e0f1a2b3c';
const userName = 'acme_person-1';

/** A pool as AWS documents it: the `sub` names nobody who came from a provider. */
function pool() {
  const calls: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const user = { Username: userName, UserAttributes: [{ Name: 'sub', Value: sub }], Enabled: true };
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    calls.push({ name, input: command.input });
    if (name === 'ListUsersCommand') {
      return { Users: command.input.Filter === `sub = "${sub}"` ? [{ Username: userName }] : [] };
    }
    if (command.input.Username === userName) return user;
    throw Object.assign(new Error('User does not exist.'), { name: 'UserNotFoundException' });
  };
  return { calls, directory: cognitoOperatorDirectory({ send } as never, 'pool') };
}

describe('the user pool for operators', () => {
  it('finds who came from a provider by the sub, and then knows the user name', async () => {
    expect(await pool().directory.find(sub)).toMatchObject({ sub, userName, enabled: true });
  });

  it.each(['nobody@harbour.example', '00000000-0000-4000-8000-000000000000', '" or sub = "x', `${sub}" `])(
    'finds nobody by %s',
    async (given) => {
      const { directory, calls } = pool();
      expect(await directory.find(given)).toBeUndefined();
      const filters = calls.flatMap(({ input }) =>
        input.Filter === undefined ? [] : [String(input.Filter)],
      );
      expect(filters.every((filter) => /^sub = "[0-9a-f-]{36}"$/.test(filter))).toBe(true);
    },
  );
});
