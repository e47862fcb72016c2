import { parseDomFromString, xpath } from '@node-saml/node-saml/lib/xml.js';
import type { IdentityProvider } from '../model.ts';
import { askProvider, loopbackUrl, ProviderError } from './provider-calls.ts';

/** What a SAML provider says about itself (SAML metadata 2.0, IDPSSODescriptor). */
export interface SamlMetadata {
  readonly entityId: string;
  /** Where requests go, HTTP-Redirect binding. */
  readonly signOnUrl: string;
  /** Certificates that it signs with, PEM bodies. */
  readonly certificates: readonly string[];
}

/**
 * From the given document or the given address.
 * @throws ProviderError when it cannot be had, is incomplete, or names an address outside of this machine
 */
export async function samlMetadata({ name, details }: IdentityProvider): Promise<SamlMetadata> {
  const what = `The metadata of ${name}`;
  const xml = details.MetadataFile ?? (await askProvider(details.MetadataURL ?? '', what));
  const root = await parseDomFromString(xml).catch((error: unknown) => {
    throw new ProviderError(`${what} is not XML.`, { cause: error });
  });
  const first = (path: string) => xpath.selectElements(root, path)[0];
  const entityId = first("//*[local-name()='EntityDescriptor']")?.getAttribute('entityID');
  const signOn = first(
    `${descriptor}/*[local-name()='SingleSignOnService'][contains(@Binding,'HTTP-Redirect')]`,
  );
  const certificates = xpath
    .selectElements(
      root,
      `${descriptor}/*[local-name()='KeyDescriptor'][not(@use) or @use='signing']//*[local-name()='X509Certificate']`,
    )
    .map((element) => (element.textContent ?? '').replace(/\s+/g, ''));
  const location = signOn?.getAttribute('Location');
  if (!entityId || !location || certificates.length === 0) {
    throw new ProviderError(
      `${what} needs an entityID, a SingleSignOnService with HTTP-Redirect and a signing certificate.`,
    );
  }
  return { entityId, signOnUrl: loopbackUrl(location, `SingleSignOnService of ${name}`).href, certificates };
}

const descriptor = "//*[local-name()='IDPSSODescriptor']";
