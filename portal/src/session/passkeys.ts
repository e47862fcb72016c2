/**
 * Passkeys by what the browser has itself (WebAuthn Level 3 §5.1.8); the library fills in where that is missing, and is
 * fetched only there.
 */
type CreationOptions = Parameters<typeof PublicKeyCredential.parseCreationOptionsFromJSON>[0];
type RequestOptions = Parameters<typeof PublicKeyCredential.parseRequestOptionsFromJSON>[0];

/** Why no credential came: the person closed the browser's dialog (or took too long), or there is one already. */
export class PasskeyFailure extends Error {
  readonly reason: 'closed' | 'known' | 'unsupported';

  constructor(reason: PasskeyFailure['reason'], cause: unknown) {
    super(`passkey: ${reason}`, { cause });
    this.name = 'PasskeyFailure';
    this.reason = reason;
  }
}

export const canUsePasskeys = (): boolean => typeof PublicKeyCredential === 'function';

/** @throws PasskeyFailure */
export async function createPasskey(options: unknown): Promise<unknown> {
  return asked(async () => {
    if (typeof PublicKeyCredential?.parseCreationOptionsFromJSON !== 'function') {
      const { startRegistration } = await import('@simplewebauthn/browser');
      return startRegistration({ optionsJSON: options as never });
    }
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as CreationOptions);
    return jsonOf(await navigator.credentials.create({ publicKey }));
  });
}

/**
 * @param request - for an offer among what the browser fills in: its mediation, and how to end it
 * @throws PasskeyFailure
 */
export async function usePasskey(
  options: unknown,
  request: Pick<CredentialRequestOptions, 'mediation' | 'signal'> = {},
): Promise<unknown> {
  return asked(async () => {
    if (typeof PublicKeyCredential?.parseRequestOptionsFromJSON !== 'function') {
      const { startAuthentication } = await import('@simplewebauthn/browser');
      return startAuthentication({ optionsJSON: options as never });
    }
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as RequestOptions);
    return jsonOf(await navigator.credentials.get({ publicKey, ...request }));
  });
}

function jsonOf(credential: Credential | null): unknown {
  if (!credential) throw new DOMException('no credential', 'NotAllowedError');
  return (credential as PublicKeyCredential).toJSON();
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new PasskeyFailure(reasonOf(cause), cause);
  }
}

/** Browsers tell the page no more than this, so that it learns nothing about who is there. */
function reasonOf(cause: unknown): PasskeyFailure['reason'] {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'InvalidStateError') return 'known';
  if (name === 'NotAllowedError' || name === 'AbortError') return 'closed';
  return 'unsupported';
}
