import { useEffect } from 'preact/hooks';
import type { AnswerOf, BodyOf } from '../../../../client/index.ts';
import { api } from '../../session/api.ts';
import { usePasskey } from '../../session/passkeys.ts';

export type Passkey = NonNullable<BodyOf<'POST /v1/sessions'>['passkey']>;
type Options = Pick<AnswerOf<'POST /v1/sessions/passkey-options'>, 'options' | 'challenge'>;

/** The offer among what the browser fills in; only one request for a credential may be open at a time. */
let openOffer: AbortController | undefined;

/** A passkey that says itself whose it is. @throws PasskeyFailure, IdentityProblem, NetworkFailure */
export async function askForPasskey(): Promise<Passkey> {
  openOffer?.abort();
  return passkeyOf(await api.call('POST /v1/sessions/passkey-options'));
}

/**
 * Offers passkeys among what the browser fills in (conditional mediation) as long as the component is shown. Quiet where
 * the browser has no such thing, has no passkey, or the person takes another way.
 */
export function usePasskeyAutofill(onPasskey: (passkey: Passkey) => void): void {
  // One offer for as long as the page is shown.
  useEffect(() => {
    const offer = new AbortController();
    openOffer = offer;
    autofill(offer.signal).then(
      (passkey) => passkey && !offer.signal.aborted && onPasskey(passkey),
      () => undefined,
    );
    return () => offer.abort();
  }, []);
}

async function autofill(signal: AbortSignal): Promise<Passkey | undefined> {
  if (typeof PublicKeyCredential !== 'function') return undefined;
  if (typeof PublicKeyCredential.parseRequestOptionsFromJSON !== 'function') return undefined;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.()) || signal.aborted) return undefined;
  const options = await api.call('POST /v1/sessions/passkey-options', { signal });
  return passkeyOf(options, { mediation: 'conditional', signal });
}

async function passkeyOf(
  { options, challenge }: Options,
  request: Pick<CredentialRequestOptions, 'mediation' | 'signal'> = {},
): Promise<Passkey> {
  return { credential: (await usePasskey(options, request)) as Passkey['credential'], challenge };
}
