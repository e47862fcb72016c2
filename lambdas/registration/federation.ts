import type {
  InboundFederationTriggerEvent,
  PostConfirmationTriggerEvent,
  PreSignUpTriggerEvent,
} from 'aws-lambda';
import {
  admitFederated,
  type FederatedAdmissionPorts,
  type FederationRules,
  isProven,
} from '../core/linking/admit-federated.ts';
import { identityOfUserName, type ProviderIdentity } from '../core/linking/identity.ts';
import { type InboundPorts, inboundAttributes } from '../core/linking/inbound.ts';
import type { MigrationPorts } from '../core/migration/first-sign-in.ts';
import type { ConfirmedPerson } from '../core/registration/complete.ts';
import { refuseWaitingAddress } from './migration.ts';

export type FederationPorts = FederatedAdmissionPorts &
  InboundPorts & { readonly migration?: MigrationPorts };

type Claims = Readonly<Record<string, unknown>>;

/** InboundFederation: what of the provider's word reaches the pool. */
export async function inbound(
  ports: FederationPorts,
  rules: FederationRules,
  event: InboundFederationTriggerEvent,
): Promise<InboundFederationTriggerEvent> {
  const { providerName: provider, attributes } = event.request;
  const { idToken, userInfo, samlResponse } = attributes as Readonly<Record<string, Claims | undefined>>;
  const userAttributesToMap = await inboundAttributes(ports, rules, {
    provider,
    userName: event.userName ?? '',
    subject: samlResponse ? samlResponse.NameID : idToken ? idToken.sub : (userInfo?.user_id ?? userInfo?.id),
    statements: [idToken, userInfo, samlResponse].filter((statement) => statement !== undefined),
  });
  return { ...event, response: { userAttributesToMap } };
}

/** PreSignUp_ExternalProvider: the first sign-in of an identity that the pool does not know. */
export async function admitFirstSignIn(
  ports: FederationPorts,
  rules: FederationRules,
  { userName, callerContext, request }: PreSignUpTriggerEvent,
): Promise<void> {
  const { email = '', email_verified } = request.userAttributes;
  const attempt = {
    userName,
    email,
    emailVerified: email_verified === 'true',
    client: callerContext.clientId,
  };
  await admitFederated(ports, rules, attempt);
  const identity = identityOfUserName(userName, rules.providers);
  // Somebody who waits to be migrated: only who has proven the address may learn of it.
  if (identity && isProven(rules, identity, attempt)) await refuseWaitingAddress(ports.migration, email);
}

/** What Cognito says about where a confirmed account came from; nothing for one with a password. */
export function federatedOrigin(
  rules: Pick<FederationRules, 'providers'>,
  event: PostConfirmationTriggerEvent,
): Pick<ConfirmedPerson, 'identity' | 'addressProven'> {
  const { email_verified, 'cognito:user_status': status, identities } = event.request.userAttributes;
  const emailVerified = email_verified === 'true';
  if (status !== 'EXTERNAL_PROVIDER') return { addressProven: emailVerified };
  const named = identityOfUserName(event.userName, rules.providers);
  if (!named) throw new Error('federated account of an unknown provider');
  const identity = { ...named, subject: writtenSubject(identities, named) };
  return { identity, addressProven: isProven(rules, identity, { emailVerified }) };
}

/** `identities` is a JSON list of texts; the user name has lost the case of the id. */
function writtenSubject(identities: string | undefined, named: ProviderIdentity): string {
  const list: unknown = identities ? JSON.parse(identities) : [];
  const ids = (Array.isArray(list) ? list : []).map((one: { userId?: unknown }) => one.userId);
  const written = ids.find(
    (id) => typeof id === 'string' && id.toLowerCase() === named.subject.toLowerCase(),
  );
  return typeof written === 'string' ? written : named.subject;
}
