import { invalid } from '../../api/problem.ts';
import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { brandWish, inBrand } from '../../core/brand.ts';
import { CiamError } from '../../core/errors.ts';
import { canonicalIdentifier, type Identifier, maskedDestination } from '../../core/identifier.ts';
import { bestLanguage, languageWish } from '../../core/languages.ts';
import { renderMail } from '../../core/messages/render.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { mailDomainAllowed } from '../../core/registration/mail-domains.ts';
import { deviceLabel } from '../../core/risk/request-facts.ts';
import { ownerOf } from '../owner.ts';
import { rejected, securityError } from './changes.ts';
import { claimBeginning, codeHash, codeLength, provenByCode } from './codes.ts';
import type { SecurityServices } from './services.ts';

/**
 * A code to the new address; the old one stays in force and gets a notice (see `account-notice.ts`). Whether the new
 * one is somebody's already changes neither the answer nor the work: then its owner gets a mail without code, and no
 * code is good. Reads 1 RRU, writes 3 WRU, one call to the user pool, one mail.
 */
export const postEmail =
  (services: SecurityServices): RouteHandler<'POST /v1/me/email'> =>
  async (request) => {
    const { caller, arrivedAt } = request;
    const { sub } = caller;
    const { accounts, codeLifetimeSeconds, configuration, pseudonyms, random, secrets } = services;
    const address = canonicalIdentifier(request.body.email);
    if (!address) throw invalid('/email', 'must be one e-mail address');
    if (!mailDomainAllowed(address, configuration.mailDomains)) {
      throw new CiamError('MAIL_DOMAIN_REFUSED', 'Addresses of this mail domain cannot be used.');
    }
    const { email, locale, brand } = await services.profiles.find(sub);
    const words = inBrand(configuration, brandWish(request.headers), brand);
    const language = bestLanguage(configuration.languages, [languageWish(request.headers), locale]);
    if (address === email) throw invalid('/email', 'is your address already');
    await claimBeginning(services, sub, 'address');
    const isTaken = await accounts.isTaken(address);
    const code = random.digits(codeLength);
    const change = { kind: 'address', id: random.id() } as const;
    const hash = await codeHash(pseudonyms, sub, change, isTaken ? random.id() : code);
    await services.pending.begin(sub, {
      ...change,
      sealed: await secrets.seal(sub, address),
      codeHash: hash,
      expiresAt: Math.floor(arrivedAt / 1000) + codeLifetimeSeconds,
    });
    const owner = await ownerOf(request, services);
    await services.outbox.put(owner.event('address.change-requested', {}));
    const expiresInMinutes = Math.ceil(codeLifetimeSeconds / 60);
    const mail = isTaken
      ? renderMail('address-wanted', language, {}, words)
      : renderMail('address-code', language, { code, expiresInMinutes }, words);
    await services.mailer.send({ to: address, ...mail });
    const destination = maskedDestination(address);
    return { status: 202, body: { destination, codeLength, expiresInSeconds: codeLifetimeSeconds } };
  };

/**
 * The user pool first, as it decides whose the address is; repeating it changes nothing there, so that an answer that
 * failed in between may be given again. Reads 3 RRU, writes 13 WRU; a wrong code 2.
 */
export const postEmailConfirmation =
  (services: SecurityServices): RouteHandler<'POST /v1/me/email/confirm'> =>
  async (request) => {
    const { caller, body } = request;
    const { sub } = caller;
    const { addresses, pseudonyms } = services;
    const owner = await ownerOf(request, services);
    const change = await provenByCode(services, sub, 'address', body.code);
    const opened = change?.sealed && (await services.secrets.open(sub, change.sealed));
    const address = opened ? canonicalIdentifier(opened) : undefined;
    if (!change || !address) throw await rejected(services, owner, 'address', 'CODE_REJECTED');
    const to = { address, pseudonym: await pseudonyms.of('identifier', address) };
    const holder = await addresses.ownerOf(to.pseudonym);
    if (holder !== undefined && holder !== sub) throw taken();
    const { email, ...said } = await services.profiles.find(sub);
    const outcome = await services.accounts.moveAddress(sub, address);
    if (outcome === 'taken') throw taken();
    if (outcome === 'unavailable') throw securityError('METHOD_UNAVAILABLE');
    const from = email === undefined ? undefined : await pseudonyms.of('identifier', email);
    const event = owner.event('address.changed', {});
    const moved = await addresses.move({ sub, to, completes: change, ...(from && { from }) }, event);
    if (!moved) throw securityError('FACTOR_CONFLICT');
    if (email !== undefined) await tellFormerAddress(services, request, email as Identifier, said);
    return { status: 200, body: { email: address } };
  };

/** Only somebody who reads that mailbox gets here, so this tells nobody else anything. */
const taken = (): CiamError => new CiamError('ADDRESS_TAKEN', 'This address belongs to another account.');

/** The change has happened, and its beginning was told to the same mailbox: a failure is logged and changes nothing. */
async function tellFormerAddress(
  { configuration, mailer, noticeFailed }: SecurityServices,
  { arrivedAt, userAgent, headers }: Pick<RouteRequest, 'arrivedAt' | 'userAgent' | 'headers'>,
  to: Identifier,
  { locale, brand }: Pick<Profile, 'locale' | 'brand'>,
): Promise<void> {
  const at = new Date(arrivedAt).toISOString();
  const data = { what: 'address-changed', device: deviceLabel(userAgent), at } as const;
  const words = inBrand(configuration, brandWish(headers), brand);
  await mailer.send({ to, ...renderMail('account-changed', locale, data, words) }).catch(noticeFailed);
}
