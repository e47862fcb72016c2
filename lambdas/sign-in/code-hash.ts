import type { Flow } from '../core/challenge/flow.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { Pseudonyms } from '../ports.ts';

/** Keyed hash bound to flow, account, client, method and resend number: good for nothing anywhere else. */
export const codeHash = (
  pseudonyms: Pseudonyms,
  flow: Pick<Flow, 'id' | 'account' | 'client'>,
  number: number,
  code: string,
): Promise<Pseudonym> =>
  pseudonyms.of('code', [flow.id, flow.account, flow.client, 'email-code', number, code].join('\0'));
