import { invalid } from '../../api/problem.ts';
import type { RouteHandler } from '../../api/types.ts';
import { brandWish, inBrand } from '../../core/brand.ts';
import { CiamError } from '../../core/errors.ts';
import type { PhoneFactor } from '../../core/factor/factor.ts';
import { addressPrefixes } from '../../core/risk/request-facts.ts';
import { ownerOf } from '../owner.ts';
import { enrol, mayEnrol, rejected, remove, securityError } from './changes.ts';
import { claimBeginning, codeHash, codeLength, provenByCode } from './codes.ts';
import { maskedNumber, phoneView } from './factor-view.ts';
import type { SecurityServices } from './services.ts';

/** One code to the number. Reads 1 RRU, writes 2 WRU, one SMS. */
export const postPhone =
  (services: SecurityServices): RouteHandler<'POST /v1/me/phone'> =>
  async (request) => {
    const { caller, arrivedAt } = request;
    const { sub } = caller;
    const { sms, configuration, codeLifetimeSeconds, random, secrets, pseudonyms } = services;
    if (!sms) throw securityError('METHOD_UNAVAILABLE');
    await mayEnrol(services, caller, 'phone');
    const { readPhoneNumber } = await import('../../adapters/lazy/phone-number.ts');
    const phone = readPhoneNumber(request.body.number);
    if (!phone) throw invalid('/number', 'must be one phone number in international form, as +4915112345678');
    await claimBeginning(services, sub, 'phone');
    const code = random.digits(codeLength);
    const change = { kind: 'phone', id: random.id() } as const;
    await services.pending.begin(sub, {
      ...change,
      sealed: await secrets.seal(sub, JSON.stringify(phone)),
      codeHash: await codeHash(pseudonyms, sub, change, code),
      expiresAt: Math.floor(arrivedAt / 1000) + codeLifetimeSeconds,
    });
    const prefixes = addressPrefixes(request.sourceIp);
    const { brand } = inBrand(configuration, brandWish(request.headers));
    const outcome = await sms.send({
      to: phone.number,
      country: phone.country,
      text: `${brand.name.slice(0, 60)}: ${code}`,
      kind: 'phone-code',
      sub,
      ...(prefixes && { address: await pseudonyms.of('address', prefixes.address) }),
    });
    if (outcome === 'refused') {
      throw new CiamError('MESSAGE_BUDGET_SPENT', 'No message can be sent to this number right now.');
    }
    const destination = maskedNumber(phone.number);
    return { status: 202, body: { destination, codeLength, expiresInSeconds: codeLifetimeSeconds } };
  };

/** Takes the place of a number that was enrolled before. Reads 1 RRU, writes 9 WRU; a wrong code 2. */
export const postPhoneConfirmation =
  (services: SecurityServices): RouteHandler<'POST /v1/me/phone/confirm'> =>
  async (request) => {
    const { caller, body, arrivedAt } = request;
    const { sub } = caller;
    const owner = await ownerOf(request, services);
    const change = await provenByCode(services, sub, 'phone', body.code);
    const opened = change?.sealed && (await services.secrets.open(sub, change.sealed));
    if (!change || !opened) throw await rejected(services, owner, 'phone', 'CODE_REJECTED');
    const { number, country } = JSON.parse(opened) as Pick<PhoneFactor, 'number' | 'country'>;
    const enrolledAt = new Date(arrivedAt).toISOString();
    const phone: PhoneFactor = { kind: 'phone', number, country, enrolledAt };
    await enrol(services, caller, owner, phone, change);
    await services.sms?.answered({ to: number, country });
    return { status: 201, body: phoneView(phone) };
  };

export const deletePhone =
  (services: SecurityServices): RouteHandler<'DELETE /v1/me/phone'> =>
  async (request) => {
    const owner = await ownerOf(request, services);
    await remove(services, request.caller, owner, () => ({ kind: 'phone' }));
    return { status: 204 };
  };
