import type { RouteHandler } from '../api/types.ts';
import { maskedDestination } from '../core/identifier.ts';
import { bestLanguage } from '../core/languages.ts';
import { confirmRegistration, resendCode } from '../core/registration/confirm.ts';
import { learnsFirstDevice } from '../core/registration/first-device.ts';
import { register } from '../core/registration/register.ts';
import { deviceAnswer, deviceOf, nextDeviceAnswer, requestOf } from './requester.ts';
import { type RegistrationServices, registrationContext } from './services.ts';

/** Cognito's confirmation codes: six digits, a day. */
const codeLength = 6;
const codeSeconds = 86_400;

/** Reads 1 RRU; writes 6 WRU (counter, pending registration, its settling with the event), one SignUp. */
export const postRegistration =
  (services: RegistrationServices): RouteHandler<'POST /v1/registrations'> =>
  async (request) => {
    const { configuration, ports, perAddressPerHour } = services;
    const { email, password, locale, profile, consents } = request.body;
    const device = deviceOf(request);
    const asked = await requestOf(ports.pseudonyms, request, device, { field: 'email', value: email });
    const registration = await register(
      ports,
      { ...configuration, perAddressPerHour },
      {
        ...asked,
        password,
        locale: bestLanguage(configuration.languages, [locale], request.headers['accept-language']),
        form: { profile, consents },
        context: await registrationContext(services, asked),
      },
    );
    const { cookies, deviceToken } = deviceAnswer(device);
    return {
      status: 202,
      cookies,
      body: {
        registration,
        destination: maskedDestination(asked.identifier),
        codeLength,
        expiresInSeconds: codeSeconds,
        ...(deviceToken && { deviceToken }),
      },
    };
  };

/**
 * Reads 1 RRU; one ConfirmSignUp, whose trigger writes profile, consents and events, and from the device that registered
 * makes its next token known. The event of a refused code is 1 WRU.
 */
export const postConfirmation =
  (services: RegistrationServices): RouteHandler<'POST /v1/registrations/confirm'> =>
  async (request) => {
    const { email, registration: handle, code } = request.body;
    const typed = { field: 'email', value: email } as const;
    const { pseudonyms } = services.ports;
    const device = deviceOf(request);
    const [asked, nextDevice] = await Promise.all([
      requestOf(pseudonyms, request, device, typed),
      pseudonyms.of('device', device.next),
    ]);
    const context = await registrationContext(services, asked, { nextDevice });
    const { sameDevice } = await confirmRegistration(services.ports, asked, { handle, code, context });
    const isLearned = sameDevice && learnsFirstDevice(services.configuration.authentication);
    const { cookies, ...told } = isLearned ? nextDeviceAnswer(request, device) : { cookies: [] };
    return { status: 200, cookies, body: { state: 'confirmed', ...told } };
  };

/** Reads 1 RRU; one ResendConfirmationCode at the most. */
export const postResend =
  (services: RegistrationServices): RouteHandler<'POST /v1/registrations/resend'> =>
  async (request) => {
    const { email, registration } = request.body;
    const typed = { field: 'email', value: email } as const;
    const asked = await requestOf(services.ports.pseudonyms, request, deviceOf(request), typed);
    await resendCode(services.ports, asked, registration);
    return { status: 202 };
  };
