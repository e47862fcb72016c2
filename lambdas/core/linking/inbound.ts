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
  /** The provider's own id of the person, from where its kind of provider says it. */
  readonly subject: unknown;
  /** What the provider said: ID token and user info, or the attributes of the assertion. The last one counts. */
  readonly statements: readonly Readonly<Record<string, unknown>>[];
}

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
  const statements = signIn.statements.map(texts);
  const claims: Readonly<Record<string, string>> = Object.assign({}, ...statements);
  const key = identity && (await identityPseudonym(ports.pseudonyms, identity));
  const owner = key && (await ports.identities.find(key));
  if (!owner) {
    if (identity && identity.subject !== identity.subject.toLowerCase())
      await ports.rememberSubject(identity);
    return { ...claims, [verifiedClaim]: String(rule.trustsEmail && isVerified(rule, statements, claims)) };
  }
  const contact = await ports.contactOf(owner);
  return {
    ...claims,
    ...(contact && { [rule.emailClaim]: contact.email }),
    [verifiedClaim]: String(contact !== undefined),
  };
}

/** "Verified" is said about the address beside it, and about none that another statement names. */
const isVerified = (
  { emailClaim, verifiedClaim: flag = '' }: ServiceConfiguration['providers'][number],
  statements: readonly Readonly<Record<string, string>>[],
  claims: Readonly<Record<string, string>>,
): boolean =>
  statements.some((said) => said[emailClaim] === claims[emailClaim] && said[flag]?.toLowerCase() === 'true');

/**
 * Cognito's name for the user says which identity it means; the provider's word only adds the case that the name has
 * lost. Everything else that a provider says may be the person's own choice.
 */
function identityOf(
  { provider, userName, subject }: InboundSignIn,
  providers: readonly { readonly name: string }[],
): ProviderIdentity | undefined {
  const written = typeof subject === 'string' && subject !== '' ? subject : undefined;
  const named = identityOfUserName(userName, providers);
  if (!named) return written === undefined ? undefined : { provider, subject: written };
  return written?.toLowerCase() === named.subject.toLowerCase() ? { provider, subject: written } : named;
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
