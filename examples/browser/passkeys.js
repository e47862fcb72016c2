import { startAuthentication, startRegistration } from '@simplewebauthn/browser';

/** Needs a proof of the last ten minutes: call it right after a sign-in or a step-up. */
export async function addPasskey({ call }, name) {
  const { options } = await call('POST', '/v1/me/passkeys/options');
  const credential = await startRegistration({ optionsJSON: options });
  return call('POST', '/v1/me/passkeys', { credential, name });
}

/**
 * Signs in without an address and without a password. With `autofill`, call it when the page has loaded: it waits until the
 * person picks a passkey in the field with `autocomplete="username webauthn"`.
 */
export async function signInWithPasskey({ call }, { autofill = false } = {}) {
  const { options, challenge } = await call('POST', '/v1/sessions/passkey-options');
  const credential = await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill });
  return call('POST', '/v1/sessions', { passkey: { credential, challenge }, mode: 'cookie' });
}

/** Where a challenge or a step-up has the method `passkey`. */
export const usePasskey = ({ challenge }) => startAuthentication({ optionsJSON: challenge.options });
