import type { RouteHandler } from '../api/types.ts';
import { maskedDestination } from '../core/identifier.ts';
import { bestLanguage } from '../core/languages.ts';
import { confirmPasswordReset, requestPasswordReset } from '../core/registration/recover.ts';
import { deviceOf, requestOf } from './requester.ts';
import { type RegistrationServices, registrationContext } from './services.ts';

/** Cognito's reset codes: six digits, an hour. */
const codeLength = 6;
const codeSeconds = 3_600;

/** Writes 2 WRU (counter, event); one ForgotPassword. */
export const postPasswordReset =
  (services: RegistrationServices): RouteHandler<'POST /v1/password-resets'> =>
  async (request) => {
    const { ports, configuration, perAddressPerHour } = services;
    const { identifier, locale } = request.body;
    const typed = { field: 'identifier', value: identifier } as const;
    const asked = await requestOf(ports.pseudonyms, request, deviceOf(request), typed);
    const language = bestLanguage(configuration.languages, [locale], request.headers['accept-language']);
    await requestPasswordReset(ports, asked, { locale: language, perAddressPerHour });
    const destination = maskedDestination(asked.identifier);
    return { status: 202, body: { destination, codeLength, expiresInSeconds: codeSeconds } };
  };

/**
 * One ConfirmForgotPassword, whose trigger writes the event and ends every session for our APIs; that of a refused code is
 * 1 WRU here. One AdminUserGlobalSignOut ends them at the pool, too, which a new password does not do by itself.
 */
export const postPasswordResetConfirmation =
  (services: RegistrationServices): RouteHandler<'POST /v1/password-resets/confirm'> =>
  async (request) => {
    const { identifier, code, password } = request.body;
    const { ports, configuration } = services;
    const typed = { field: 'identifier', value: identifier } as const;
    const asked = await requestOf(ports.pseudonyms, request, deviceOf(request), typed);
    const context = await registrationContext(services, asked);
    const rules = { minLength: configuration.password.minLength, words: [configuration.brand.name] };
    await confirmPasswordReset(ports, asked, { code, password, context }, rules);
    // The password is new whatever comes now, and a second try would find its code used.
    await services.signOutEverywhere(asked.identifier).catch(services.signOutFailed);
    return { status: 200, body: { state: 'reset' } };
  };
