import { type CacheProvider, type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import type { IdentityProvider } from '../model.ts';
import { type Exchange, exchangeMinutes } from './exchange.ts';
import type { ProviderPerson } from './oidc.ts';
import { ProviderError } from './provider-calls.ts';
import { type SamlMetadata, samlMetadata } from './saml-metadata.ts';

/** AWS's limit for a response. */
const maxResponseLength = 100_000;
const clockSkewMs = 30_000;

/** Entity id of a pool as a service provider, and with it the audience of every assertion. */
export const samlAudience = (poolId: string): string => `urn:amazon:cognito:sp:${poolId}`;

/** Where the browser goes: AuthnRequest by HTTP-Redirect. */
export async function samlRequestUrl(
  provider: IdentityProvider,
  exchange: Exchange,
  relayState: string,
): Promise<string> {
  const metadata = await samlMetadata(provider);
  return serviceProvider(exchange, metadata).getAuthorizeUrlAsync(relayState, undefined, {});
}

/**
 * Checks a posted response: signed by the provider's certificate, for this pool, in time, and an answer to exactly
 * the request of this exchange.
 * @throws ProviderError for everything else
 */
export async function readSamlResponse(
  provider: IdentityProvider,
  exchange: Exchange,
  response: string,
): Promise<ProviderPerson> {
  if (response.length > maxResponseLength)
    throw new ProviderError(`${provider.name}: the response is too long.`);
  const metadata = await samlMetadata(provider);
  const profile = await validated(provider, serviceProvider(exchange, metadata), response);
  if (profile.issuer !== metadata.entityId) {
    throw new ProviderError(`${provider.name}: the assertion is another issuer's.`);
  }
  refuseForeignConfirmation(provider, exchange, profile);
  if (!profile.nameID) throw new ProviderError(`${provider.name} does not say who it is.`);
  const attributes = (profile.attributes ?? {}) as Readonly<Record<string, unknown>>;
  return {
    subject: profile.nameID,
    claims: { ...attributes, NameID: profile.nameID },
    raw: { samlResponse: { ...attributes, NameID: profile.nameID } },
  };
}

async function validated(provider: IdentityProvider, saml: SAML, response: string): Promise<Profile> {
  const { profile } = await saml
    .validatePostResponseAsync({ SAMLResponse: response })
    .catch((error: unknown) => {
      throw new ProviderError(`${provider.name}: the SAML response is not valid.`, { cause: error });
    });
  if (!profile) throw new ProviderError(`${provider.name}: the SAML response says nothing about a person.`);
  return profile;
}

function serviceProvider({ baseUrl, poolId, requestId }: Exchange, metadata: SamlMetadata): SAML {
  return new SAML({
    issuer: samlAudience(poolId),
    audience: samlAudience(poolId),
    callbackUrl: `${baseUrl}/saml2/idpresponse`,
    entryPoint: metadata.signOnUrl,
    idpCert: [...metadata.certificates],
    // The assertion is what is believed, so it is what has to be signed; a signature around it all will do as well.
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: clockSkewMs,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: exchangeMinutes * 60_000,
    generateUniqueId: () => requestId,
    cacheProvider: onlyRequest(requestId),
  });
}

/** The exchange knows which request was made, and is spent already: nothing else has to be remembered. */
const onlyRequest = (requestId: string): CacheProvider => {
  const createdAt = Date.now();
  return {
    saveAsync: async (_, value) => ({ value, createdAt }),
    getAsync: async (id) => (id === requestId ? new Date(createdAt).toISOString() : null),
    removeAsync: async (id) => id,
  };
};

/**
 * `InResponseTo` around the assertion may not be signed, so that a stolen assertion could be wrapped in an answer to
 * somebody else's request: the one inside it has to fit, and the recipient too (SAML profiles 2.0, 4.1.4.2).
 */
function refuseForeignConfirmation(provider: IdentityProvider, exchange: Exchange, profile: Profile): void {
  const fits = confirmations(profile).some(
    ({ InResponseTo, Recipient }) =>
      InResponseTo === exchange.requestId && Recipient === `${exchange.baseUrl}/saml2/idpresponse`,
  );
  if (!fits) throw new ProviderError(`${provider.name}: the assertion does not answer this request.`);
}

/** Attributes of every `SubjectConfirmationData` of the signed assertion. */
function confirmations(profile: Profile): readonly Readonly<Record<string, unknown>>[] {
  const assertion = member(profile.getAssertion?.(), 'Assertion');
  return list(member(assertion, 'Subject')?.SubjectConfirmation).map(
    (confirmation) => member(member(confirmation, 'SubjectConfirmationData'), '$') ?? {},
  );
}

/** In the tree of xml2js every element is a list. */
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function member(parent: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof parent !== 'object' || parent === null) return undefined;
  const value = (parent as Record<string, unknown>)[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
}
