/**
 * PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3 §5.5) for a discoverable passkey with user verification. No
 * credentials are listed: the options are the same for everybody and say nothing about anybody.
 */
export const passkeyOptions = (rpId: string, challenge: string, lifetimeSeconds: number) =>
  ({
    challenge,
    rpId,
    timeout: lifetimeSeconds * 1000,
    userVerification: 'required',
    allowCredentials: [],
  }) as const;
