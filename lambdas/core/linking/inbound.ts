import type { Pseudonyms } from '../../ports.ts';
import { type ServiceConfiguration, verifiedClaim } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { identityOfUserName, identityPseudonym, type ProviderIdentity } from './identity.ts';

export interface InboundPorts {
  /** The account that an identity signs in as. */
  readonly identities: { find(identity: Pseudonym): Promise<Sub | undefined> };
  readonly contactOf: (sub: Sub) => Promise<{ readonly email: string } | undefined>;
  /** Keeps the id as the provider wrote it for the trigger that comes next. */
  readonly rememberSubject: (identity: ProviderIdentity) => Promise<void>;
  readonly pseudonyms: Pseudonyms;
}

export interface InboundSignIn {
  readonly provider: string;
  readonly userName: string;
  /** What the provider said: ID token and user info, or the attributes of the assertion. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Names by which providers call the person: OpenID Connect, Facebook, Amazon, SAML. */
const subjectClaims = ['sub', 'id', 'user_id', 'NameID'];

/**
 * What of a provider's word reaches the pool, at every sign-in. Cognito would write the mapped attributes over those of
 * the account that the identity is linked to: whoever edits the address at the provider would move the account's own
 * address, and with it its password reset. So an identity that belongs to an account brings that account's address, and
 * whether an address is verified is our word, under a name that no provider can say.
 */
export async function inboundAttributes(
  ports: InboundPorts,
  { providers }: Pick<ServiceConfiguration, 'providers'>,
  signIn: InboundSignIn,
): Promise<Readonly<Record<string, string>>> {
  const rule = providers.find(({ name }) => name === signIn.provider);
  if (!rule) throw new CiamError('REGISTRATION_REFUSED', 'This provider is not part of the configuration.');
  const identity = identityOf(signIn, providers);
  const claims = texts(signIn.claims);
  const key = identity && (await identityPseudonym(ports.pseudonyms, identity));
  const owner = key && (await ports.identities.find(key));
  if (!owner) {
    if (identity && identity.subject !== identity.subject.toLowerCase())
      await ports.rememberSubject(identity);
    const verified = rule.trustsEmail && claims[rule.verifiedClaim ?? '']?.toLowerCase() === 'true';
    return { ...claims, [verifiedClaim]: String(verified) };
  }
  const contact = await ports.contactOf(owner);
  return {
    ...claims,
    ...(contact && { [rule.emailClaim]: contact.email }),
    [verifiedClaim]: String(contact !== undefined),
  };
}

function identityOf(
  { provider, userName, claims }: InboundSignIn,
  providers: readonly { readonly name: string }[],
): ProviderIdentity | undefined {
  const subject = subjectClaims.map((name) => claims[name]).find((value) => typeof value === 'string');
  return subject ? { provider, subject: String(subject) } : identityOfUserName(userName, providers);
}

/** The trigger's answer holds texts only; lists and objects are nothing that the pool has an attribute for. */
const texts = (claims: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]) => {
      if (name === verifiedClaim) return [];
      const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
      return ['string', 'number', 'boolean'].includes(typeof single) ? [[name, String(single)]] : [];
    }),
  );
