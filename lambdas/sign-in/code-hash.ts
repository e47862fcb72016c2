import type { Flow } from '../core/challenge/flow.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { ChallengeMethod } from '../core/risk/decision.ts';
import type { Pseudonyms } from '../ports.ts';

/** Keyed hash bound to flow, account, client, method and number: good for nothing anywhere else. */
export const codeHash = (
  pseudonyms: Pseudonyms,
  flow: Pick<Flow, 'id' | 'account' | 'client'>,
  method: ChallengeMethod,
  number: number,
  code: string,
): Promise<Pseudonym> =>
  pseudonyms.of('code', [flow.id, flow.account, flow.client, method, number, code].join('\0'));
