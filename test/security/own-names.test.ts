import { expect, it } from 'vitest';
import { aSub } from '../support/account.ts';
import { accountApi } from '../support/account-api.ts';
import { onEachEngine } from '../support/engines.ts';

// A name is chosen by whoever holds a session; on the list it must not look like another line, or like nothing.
const tricks = {
  'a turn of direction': 'phone\u202e gnp.eciffo',
  'an isolate that stays open': '\u2067This device',
  'a separator of lines': 'Phone\u2028This device',
  'an end of text': 'Phone\u0000',
  'nothing to see': '\u2060\u200b',
};

onEachEngine((under) => {
  it.each(Object.entries(tricks))('refuses %s in the name of a session or device', async (_, name) => {
    const { send } = accountApi(under.tables);
    const sub = aSub();
    const id = 'S'.repeat(22);
    for (const route of ['PATCH /v1/me/sessions/{id}', 'PATCH /v1/me/devices/{id}'] as const) {
      const { problem } = await send(sub, { route, params: { id }, body: { name } });
      expect(problem.code).toBe('REQUEST_INVALID');
    }
  });
});
