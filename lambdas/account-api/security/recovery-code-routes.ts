import {
  canonicalRecoveryCode,
  newRecoveryCode,
  newRecoverySalt,
  recoveryCodeCount,
  recoveryCodeHash,
} from '../../adapters/recovery-codes.ts';
import type { RouteHandler } from '../../api/types.ts';
import { ownerOf } from '../owner.ts';
import { enrol, mayEnrol } from './changes.ts';
import type { SecurityServices } from './services.ts';

/** Shown this once; the set before is void. Ten slow hashes, one after the other. Reads 2 RRU, writes 6 WRU. */
export const postRecoveryCodes =
  (services: SecurityServices): RouteHandler<'POST /v1/me/recovery-codes'> =>
  async (request) => {
    await mayEnrol(services, request.caller, 'recovery-codes');
    const owner = await ownerOf(request, services);
    const salt = newRecoverySalt();
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    const hashes: string[] = [];
    for (const code of codes) hashes.push(await recoveryCodeHash(canonicalRecoveryCode(code) ?? '', salt));
    const createdAt = new Date(request.arrivedAt).toISOString();
    await enrol(services, request.caller, owner, { kind: 'recovery-codes', salt, hashes, createdAt });
    return { status: 201, body: { codes, createdAt } };
  };
