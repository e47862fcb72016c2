import { randomBytes } from 'node:crypto';
import { matchingStep, toBase32, totpDigits, totpStepSeconds } from '../../adapters/totp.ts';
import type { RouteHandler } from '../../api/types.ts';
import type { TotpFactor } from '../../core/factor/factor.ts';
import { ownerOf } from '../owner.ts';
import { enrol, mayEnrol, rejected, remove } from './changes.ts';
import { maxAnswers } from './codes.ts';
import { totpView } from './factor-view.ts';
import { friendlyName } from './names.ts';
import type { SecurityServices } from './services.ts';

/** RFC 4226 §4: 160 bits. */
const secretBytes = 20;
const setupSeconds = 900;

/** Nothing is enrolled yet: the app has to answer first. Reads 2 RRU, writes 1 WRU. */
export const postTotp =
  (services: SecurityServices): RouteHandler<'POST /v1/me/totp'> =>
  async ({ caller, arrivedAt }) => {
    const { sub } = caller;
    await mayEnrol(services, caller, 'totp');
    const { email = '' } = await services.profiles.find(sub);
    const secret = toBase32(randomBytes(secretBytes));
    await services.pending.begin(sub, {
      kind: 'totp',
      id: services.random.id(),
      sealed: await services.secrets.seal(sub, secret),
      expiresAt: Math.floor(arrivedAt / 1000) + setupSeconds,
    });
    const uri = otpauthUri(services.configuration.brand.name, email, secret);
    return { status: 200, body: { secret, uri, expiresInSeconds: setupSeconds } };
  };

/** https://github.com/google/google-authenticator/wiki/Key-Uri-Format; a colon parts issuer and account. */
function otpauthUri(issuer: string, account: string, secret: string): string {
  const part = (text: string) => encodeURIComponent(text.replaceAll(':', ' '));
  const label = account === '' ? part(issuer) : `${part(issuer)}:${part(account)}`;
  const settings = `algorithm=SHA1&digits=${totpDigits}&period=${totpStepSeconds}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${part(issuer)}&${settings}`;
}

/** Takes the place of an app that was enrolled before. Reads 1 RRU, writes 9 WRU; a wrong code 2. */
export const postTotpConfirmation =
  (services: SecurityServices): RouteHandler<'POST /v1/me/totp/confirm'> =>
  async (request) => {
    const { caller, body, arrivedAt } = request;
    const { sub } = caller;
    const name = friendlyName(body.name, 'Authenticator app');
    const owner = await ownerOf(request, services);
    const limits = { nowSeconds: Math.floor(arrivedAt / 1000), maxAnswers };
    const change = await services.pending.claimAnswer(sub, 'totp', limits);
    const secret = change?.sealed && (await services.secrets.open(sub, change.sealed));
    const step = secret ? matchingStep(secret, body.code, arrivedAt) : undefined;
    if (!change || !secret || step === undefined) {
      throw await rejected(services, owner, 'totp', 'CODE_REJECTED');
    }
    const totp: TotpFactor = {
      kind: 'totp',
      name,
      sealedSecret: await services.secrets.seal(sub, secret),
      lastStep: step, // the code that enrolled it is spent
      enrolledAt: new Date(arrivedAt).toISOString(),
    };
    await enrol(services, caller, owner, totp, change);
    return { status: 201, body: totpView(totp) };
  };

export const deleteTotp =
  (services: SecurityServices): RouteHandler<'DELETE /v1/me/totp'> =>
  async (request) => {
    const owner = await ownerOf(request, services);
    await remove(services, request.caller, owner, () => ({ kind: 'totp' }));
    return { status: 204 };
  };
