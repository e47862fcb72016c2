import type { Handlers } from '../api/types.ts';
import { getOpenApi } from './openapi.ts';
import { postPasswordReset, postPasswordResetConfirmation } from './password-resets.ts';
import { getRegistrationForm } from './registration-form.ts';
import { postConfirmation, postRegistration, postResend } from './registrations.ts';
import type { RegistrationServices } from './services.ts';

type SessionRouteId = Extract<
  keyof Handlers<'auth-api'>,
  | `${string}/sessions${string}`
  | `${string}/step-up${string}`
  | `${string}/contexts`
  | `${string}/recoveries${string}`
  | `${string}/script-errors`
>;

/** Every route of this function that is not about sessions, over the given services. */
export const registrationRoutes = (
  services: RegistrationServices,
): Omit<Handlers<'auth-api'>, SessionRouteId> => ({
  'GET /v1/registration-form': getRegistrationForm(services.configuration),
  'POST /v1/registrations': postRegistration(services),
  'POST /v1/registrations/confirm': postConfirmation(services),
  'POST /v1/registrations/resend': postResend(services),
  'POST /v1/password-resets': postPasswordReset(services),
  'POST /v1/password-resets/confirm': postPasswordResetConfirmation(services),
  'GET /v1/openapi.json': getOpenApi(services.configuration),
});
