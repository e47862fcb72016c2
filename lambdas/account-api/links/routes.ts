import type { Handlers } from '../../api/types.ts';
import { joinIdentity, type LinkPorts, removeLink } from '../../core/linking/join.ts';
import type { Link } from '../../core/linking/ports.ts';
import type { Random } from '../../ports.ts';
import { ownerOf } from '../owner.ts';

export interface LinkServices extends LinkPorts {
  readonly random: Pick<Random, 'ulid'>;
}

type LinkRoute = 'GET /v1/me/links' | 'POST /v1/me/links' | 'DELETE /v1/me/links/{id}';

/** What a provider calls the person stays here: it is of use to nobody who reads the list. */
const shown = ({ id, identity, linkedAt, primary }: Link) => ({
  id,
  provider: identity.provider,
  linkedAt,
  removable: !primary,
});

/** Reads 1 RRU; linking 3 RRU and 9 WRU, undoing it 1 RRU and 6 WRU, and one call to Cognito each. */
export const linkRoutes = (services: LinkServices): Pick<Handlers<'account-api'>, LinkRoute> => ({
  'GET /v1/me/links': async ({ caller }) => ({
    status: 200,
    body: { links: (await services.links.list(caller.sub)).map(shown) },
  }),
  'POST /v1/me/links': async (request) => {
    const link = await joinIdentity(services, await ownerOf(request, services), request.body.code);
    return { status: 201, body: shown(link) };
  },
  'DELETE /v1/me/links/{id}': async (request) => {
    await removeLink(services, await ownerOf(request, services), request.params.id);
    return { status: 204 };
  },
});
