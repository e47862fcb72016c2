import type { Caller } from '../api/types.ts';
import type { OwnerRequest } from '../core/profile/owner-request.ts';
import type { Random } from '../ports.ts';

/** What every route of a signed-in person knows about its request. */
interface SignedInRequest {
  readonly caller: Caller;
  readonly arrivedAt: number;
}

/**
 * The person is the one in the verified token and nobody else: no path, query, header or body is looked at. Events name
 * what was done and to which fields, never a value.
 */
export function ownerOf({ caller, arrivedAt }: SignedInRequest, random: Pick<Random, 'ulid'>): OwnerRequest {
  const { sub, clientId } = caller;
  return {
    sub,
    now: arrivedAt,
    event: (type, data) => ({
      v: 1,
      id: random.ulid(arrivedAt),
      type,
      at: new Date(arrivedAt).toISOString(),
      subject: { sub },
      actor: 'self',
      outcome: 'success',
      reasons: [],
      client: clientId,
      data,
    }),
  };
}
