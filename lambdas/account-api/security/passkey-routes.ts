import { randomBytes } from 'node:crypto';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { RouteHandler } from '../../api/types.ts';
import type { PasskeyFactor } from '../../core/factor/factor.ts';
import { untilWritten } from '../../core/profile/owner-request.ts';
import { ownerOf } from '../owner.ts';
import { enrol, mayEnrol, rejected, remove, securityError } from './changes.ts';
import { factorsView, passkeyHandle, passkeyView } from './factor-view.ts';
import { friendlyName } from './names.ts';
import type { SecurityServices } from './services.ts';

/** As long as a browser's own dialogue may take. */
const ceremonySeconds = 300;
/** Key of a table item; the standard allows 1,023, authenticators use 16 to 64. */
const maxCredentialIdBytes = 256;

const webauthn = () => import('../../adapters/lazy/webauthn.ts');

/** Reads 1 RRU. */
export const getFactors =
  (services: SecurityServices): RouteHandler<'GET /v1/me/factors'> =>
  async ({ caller }) => {
    const [{ factors }, policy] = await Promise.all([
      services.factors.read(caller.sub),
      services.policyOf(caller),
    ]);
    return { status: 200, body: factorsView(factors, policy, services.sms !== undefined) };
  };

/** The challenge is stored for this person and used up by the next answer. Reads 2 RRU, writes 1 WRU. */
export const postPasskeyOptions =
  (services: SecurityServices): RouteHandler<'POST /v1/me/passkeys/options'> =>
  async ({ caller }) => {
    const { sub } = caller;
    const { passkeys } = await mayEnrol(services, caller, 'passkey');
    const { email = sub } = await services.profiles.find(sub);
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = Math.floor(services.clock.now() / 1000) + ceremonySeconds;
    await services.pending.begin(sub, { kind: 'passkey', id: challenge, expiresAt });
    const { registrationOptions } = await webauthn();
    const options = await registrationOptions(services.relyingParty, {
      challenge,
      sub,
      userName: email,
      known: passkeys,
      timeoutMs: ceremonySeconds * 1000,
    });
    return { status: 200, body: { options: { ...options } } };
  };

/** Reads 1 RRU, writes 7 WRU; a refused credential 2. */
export const postPasskey =
  (services: SecurityServices): RouteHandler<'POST /v1/me/passkeys'> =>
  async (request) => {
    const { caller, body, arrivedAt } = request;
    const name = friendlyName(body.name, 'Passkey');
    const owner = await ownerOf(request, services);
    const refused = (cause?: unknown) => rejected(services, owner, 'passkey', 'FACTOR_REJECTED', cause);
    const change = await services.pending.take(caller.sub, 'passkey', Math.floor(arrivedAt / 1000));
    if (!change) throw await refused();
    const { verifiedCredential } = await webauthn();
    const response = body.credential as RegistrationResponseJSON;
    const verified = await verifiedCredential(services.relyingParty, response, change.id);
    if ('refused' in verified) throw await refused(verified.refused);
    if (Buffer.from(verified.id, 'base64url').length > maxCredentialIdBytes) throw await refused();
    const passkey: PasskeyFactor = {
      kind: 'passkey',
      ...verified,
      name,
      enrolledAt: new Date(arrivedAt).toISOString(),
    };
    await enrol(services, caller, owner, passkey);
    return { status: 201, body: passkeyView(passkey) };
  };

/** Reads 1 RRU, writes 4 WRU. */
export const patchPasskey =
  (services: SecurityServices): RouteHandler<'PATCH /v1/me/passkeys/{id}'> =>
  async (request) => {
    const { caller, params } = request;
    const name = friendlyName(request.body.name, 'Passkey');
    const owner = await ownerOf(request, services);
    const passkey = await untilWritten(
      async () => {
        const { factors } = await services.factors.read(caller.sub);
        const found = factors.passkeys.find((one) => passkeyHandle(one) === params.id);
        if (!found) throw securityError('FACTOR_UNKNOWN');
        const event = owner.event('factor.renamed', { factor: 'passkey' });
        return (await services.factors.renamePasskey(caller.sub, found.id, name, event)) ? found : undefined;
      },
      () => securityError('FACTOR_CONFLICT'),
    );
    return { status: 200, body: passkeyView({ ...passkey, name }) };
  };

/** Reads 1 RRU, writes 6 WRU, 8 with the recovery codes. */
export const deletePasskey =
  (services: SecurityServices): RouteHandler<'DELETE /v1/me/passkeys/{id}'> =>
  async (request) => {
    const owner = await ownerOf(request, services);
    await remove(services, request.caller, owner, ({ passkeys }) => {
      const passkey = passkeys.find((one) => passkeyHandle(one) === request.params.id);
      return passkey && { kind: 'passkey', id: passkey.id };
    });
    return { status: 204 };
  };
