import {
  canonicalRecoveryCode,
  newRecoveryCode,
  newRecoverySalt,
  recoveryCodeCount,
  recoveryCodeHash,
} from '../../adapters/recovery-codes.ts';
import type { RouteHandler } from '../../api/types.ts';
import { CiamError } from '../../core/errors.ts';
import { ownerOf } from '../owner.ts';
import { enrol, mayEnrol } from './changes.ts';
import type { SecurityServices } from './services.ts';

/**
 * Slow hashes take as long as the processor is busy with others. After this long nothing is stored any more: a function that
 * is ended at its limit (10 s) would leave a new set in force that nobody has seen.
 */
const hashingBudgetMs = 7_000;
/** At once: as many as Node.js has threads for, of 32 MB each. */
const hashesAtOnce = 4;
const retryAfterSeconds = 5;

/**
 * Shown this once; the set before is void. Ten slow hashes. Reads 2 RRU, writes 6 WRU.
 * @throws CiamError `UNAVAILABLE` when there was no time for the hashes: the set before is still in force
 */
export const postRecoveryCodes =
  (services: SecurityServices): RouteHandler<'POST /v1/me/recovery-codes'> =>
  async (request) => {
    await mayEnrol(services, request.caller, 'recovery-codes');
    const owner = await ownerOf(request, services);
    const salt = newRecoverySalt();
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    const hashes: string[] = [];
    while (hashes.length < codes.length) {
      const next = codes.slice(hashes.length, hashes.length + hashesAtOnce);
      const hash = (code: string) => recoveryCodeHash(canonicalRecoveryCode(code) ?? '', salt);
      hashes.push(...(await Promise.all(next.map(hash))));
      if (services.clock.now() - request.arrivedAt > hashingBudgetMs) throw tooBusy();
    }
    const createdAt = new Date(request.arrivedAt).toISOString();
    await enrol(services, request.caller, owner, { kind: 'recovery-codes', salt, hashes, createdAt });
    return { status: 201, body: { codes, createdAt } };
  };

const tooBusy = (): CiamError =>
  new CiamError('UNAVAILABLE', 'This is not possible at the moment. Please try again.', {
    detail: `recovery codes: hashes took longer than ${hashingBudgetMs} ms`,
    retryAfterSeconds,
  });
