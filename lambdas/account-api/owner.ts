import type { Caller } from '../api/types.ts';
import type { OwnerRequest } from '../core/profile/owner-request.ts';
import { addressPrefixes, deviceLabel } from '../core/risk/request-facts.ts';
import type { Pseudonyms, Random } from '../ports.ts';

/** What every route of a signed-in person knows about its request. */
interface SignedInRequest {
  readonly caller: Caller;
  readonly arrivedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string;
}

interface OwnerServices {
  readonly random: Pick<Random, 'ulid'>;
  readonly pseudonyms: Pseudonyms;
}

/**
 * The person is the one in the verified token and nobody else: no path, query, header or body is looked at. Events
 * name what was done and to which fields, never a value; network and device are what API Gateway saw, made coarse.
 */
export async function ownerOf(request: SignedInRequest, services: OwnerServices): Promise<OwnerRequest> {
  const { sub, clientId } = request.caller;
  const now = request.arrivedAt;
  const prefixes = addressPrefixes(request.sourceIp);
  const network = prefixes && (await services.pseudonyms.of('network', prefixes.network));
  return {
    sub,
    now,
    event: (type, data) => ({
      v: 1,
      id: services.random.ulid(now),
      type,
      at: new Date(now).toISOString(),
      subject: { sub },
      actor: 'self',
      outcome: 'success',
      reasons: [],
      door: 'api',
      client: clientId,
      ...(network && { network }),
      device: deviceLabel(request.userAgent),
      data,
    }),
  };
}
