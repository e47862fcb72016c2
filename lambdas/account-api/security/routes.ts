import type { securityRoutes as specs } from '../../api/routes/security.ts';
import type { Handlers } from '../../api/types.ts';
import { postEmail, postEmailConfirmation } from './address-routes.ts';
import {
  deletePasskey,
  getFactors,
  patchPasskey,
  postPasskey,
  postPasskeyOptions,
} from './passkey-routes.ts';
import { postPassword } from './password-route.ts';
import { deletePhone, postPhone, postPhoneConfirmation } from './phone-routes.ts';
import { postRecoveryCodes } from './recovery-code-routes.ts';
import type { SecurityServices } from './services.ts';
import { deleteTotp, postTotp, postTotpConfirmation } from './totp-routes.ts';

/** Factors, password and address of the signed-in person. */
export const securityRoutes = (
  services: SecurityServices,
): Pick<Handlers<'account-api'>, keyof typeof specs> => ({
  'GET /v1/me/factors': getFactors(services),
  'POST /v1/me/passkeys/options': postPasskeyOptions(services),
  'POST /v1/me/passkeys': postPasskey(services),
  'PATCH /v1/me/passkeys/{id}': patchPasskey(services),
  'DELETE /v1/me/passkeys/{id}': deletePasskey(services),
  'POST /v1/me/totp': postTotp(services),
  'POST /v1/me/totp/confirm': postTotpConfirmation(services),
  'DELETE /v1/me/totp': deleteTotp(services),
  'POST /v1/me/phone': postPhone(services),
  'POST /v1/me/phone/confirm': postPhoneConfirmation(services),
  'DELETE /v1/me/phone': deletePhone(services),
  'POST /v1/me/recovery-codes': postRecoveryCodes(services),
  'POST /v1/me/password': postPassword(services),
  'POST /v1/me/email': postEmail(services),
  'POST /v1/me/email/confirm': postEmailConfirmation(services),
});
