import type { Handlers } from '../api/types.ts';
import { getActivity } from './activity-route.ts';
import { getConsentHistory, getConsents, putConsent } from './consent-routes.ts';
import { linkRoutes } from './links/routes.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { getProfile, patchProfile } from './profile-routes.ts';
import { getPrompts, putPrompt } from './prompt-routes.ts';
import { securityRoutes } from './security/routes.ts';
import type { AccountServices } from './services.ts';
import { ownSessionRoutes } from './sessions/routes.ts';

/** Every route of this function, over the given services. */
export const accountRoutes = (services: AccountServices): Handlers<'account-api'> => ({
  'GET /v1/me/profile': getProfile(services),
  'PATCH /v1/me/profile': patchProfile(services),
  'GET /v1/me/prompts': getPrompts(services),
  'PUT /v1/me/prompts/{field}': putPrompt(services),
  'GET /v1/me/consents': getConsents(services),
  'PUT /v1/me/consents/{purpose}': putConsent(services),
  'GET /v1/me/consents/history': getConsentHistory(services),
  'GET /v1/me/activity': getActivity(services),
  ...securityRoutes(services.security),
  ...linkRoutes(services.links),
  ...ownSessionRoutes(services.ownSessions),
  ...privacyRoutes(services.privacy),
});
