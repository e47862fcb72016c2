import type { ErasureRequests } from '../../adapters/erasure-marks.ts';
import { type RiskCounters, windowSeconds } from '../../adapters/risk-counters.ts';
import type { Handlers, RouteAnswer } from '../../api/types.ts';
import { knownBrand } from '../../core/brand.ts';
import type { ServiceConfiguration } from '../../core/configuration.ts';
import { CiamError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import { exportPerson, type PersonalRecords } from '../../core/privacy/export.ts';
import type { OwnDirectoryEntry } from '../../core/privacy/ports.ts';
import type { Data } from '../../core/privacy/shown-items.ts';
import { brandHeader } from '../../core/request-headers.ts';
import { clearedSessionCookie, sessionCookie } from '../../core/session/browser-session.ts';
import { cutoffAt } from '../../core/session/cutoff.ts';
import type { AuditOutbox, Pseudonyms, Random } from '../../ports.ts';
import { ownerOf } from '../owner.ts';

export interface PrivacyServices {
  readonly configuration: Pick<ServiceConfiguration, 'brands'>;
  readonly records: PersonalRecords;
  readonly erasures: ErasureRequests;
  readonly counters: Pick<RiskCounters, 'count'>;
  readonly directory: OwnDirectoryEntry;
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly random: Pick<Random, 'id' | 'ulid'>;
  /** Told when the user pool could not be told; the account is closed without it. */
  readonly closingFailed: (error: unknown) => void;
}

/** Documents per person and hour: each reads everything that there is. */
const maxExportsPerHour = 10;

type PrivacyRoute = 'GET /v1/me/data' | 'POST /v1/me/erasure';
type Document = RouteAnswer<'GET /v1/me/data'>['body'];

/** Somebody who came from a provider has a name made of it; everybody else is there by `sub`. */
const namesOf = (sub: Sub, links: readonly Data[]): string[] => [
  sub,
  ...links.flatMap(({ provider, subject, primary }) => (primary ? [`${provider}_${subject}`] : [])),
];

/** Counted before anything is read. @throws CiamError `TOO_MANY_ATTEMPTS` */
async function claimExport({ counters }: Pick<PrivacyServices, 'counters'>, sub: Sub): Promise<void> {
  const count = await counters.count({ subject: `CHANGE#${sub}`, kind: 'EXPORTS' });
  if (count <= maxExportsPerHour) return;
  throw new CiamError('TOO_MANY_ATTEMPTS', 'This was asked for too often. Please wait.', {
    retryAfterSeconds: windowSeconds,
  });
}

/** The document reads 1 RRU per 4 kB of it, one AdminGetUser and 2 WRU (count and event); an erasure writes 8 WRU. */
export const privacyRoutes = (services: PrivacyServices): Pick<Handlers<'account-api'>, PrivacyRoute> => ({
  'GET /v1/me/data': async (request) => {
    const { sub } = request.caller;
    await claimExport(services, sub);
    const owner = await ownerOf(request, services);
    const data = await exportPerson(services.records, sub, owner.now);
    const directory = await services.directory.attributes(namesOf(sub, data.links));
    const cut = data.cut.map(({ section }) => section);
    await services.outbox.put(owner.event('privacy.exported', { version: data.version, cut }));
    // A page saves it under this name; a browser that is led here shows nothing.
    const headers = { 'Content-Disposition': 'attachment; filename="my-data.json"' };
    const account = { ...data.account, ...(directory && { directory: { ...directory } }) };
    // The names of every part are listed in core; their values are what was stored by our own writers.
    return { status: 200, headers, body: { ...data, account } as unknown as Document };
  },
  'POST /v1/me/erasure': async (request) => {
    const { sub } = request.caller;
    const owner = await ownerOf(request, services);
    const id = services.random.id();
    const event = owner.event('erasure.requested', { erasure: id });
    const brand = knownBrand(services.configuration, request.headers[brandHeader]);
    const marker = { sub, id, at: event.at, ...(brand && { brand }) };
    const outcome = await services.erasures.begin(marker, cutoffAt(sub, owner.now), event);
    if (outcome === 'locked') throw new CiamError('ACCOUNT_LOCKED', 'This account is closed.');
    const links = (await services.records.items(sub)).filter(({ item }) => item.startsWith('link#'));
    await services.directory.close(namesOf(sub, links)).catch(services.closingFailed);
    return {
      status: 202,
      body: { state: 'erasing' },
      cookies: sessionCookie in request.cookies ? [clearedSessionCookie] : [],
    };
  },
});
