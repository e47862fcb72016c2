import type { NamedClient } from '../adapters/client-directory.ts';
import { derivedEventId } from '../adapters/event-ids.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { isFinal } from '../core/challenge/flow.ts';
import { grantedPurposes } from '../core/consent/coverage.ts';
import type { FlowId, Sub } from '../core/ids.ts';
import { contextMetadataKey, flowMetadataKey, sessionMetadataKey } from '../core/risk/context.ts';
import {
  type Assurance,
  assuranceOf,
  bestTier,
  type Claims,
  mayOperate,
  operatorGroup,
  scopesToAdd,
  tokenClaims,
} from '../core/session/claims.ts';
import { belongsTo, type Person, readPerson, readReference } from './person.ts';
import { repetitionMs } from './events.ts';
import type { SignInServices } from './services.ts';
import type { GroupConfiguration, TriggerEvent } from './trigger-event.ts';

export interface TokenAnswer {
  readonly claimsAndScopeOverrideDetails: {
    readonly idTokenGeneration: { readonly claimsToAddOrOverride: Claims };
    readonly accessTokenGeneration: {
      readonly claimsToAddOrOverride: Claims;
      readonly scopesToAdd: readonly string[];
    };
    readonly groupOverrideDetails: GroupConfiguration;
  };
}

/**
 * PreTokenGeneration V2: our claims in both tokens, and the last gate before there are any. Assurance comes from the flow
 * record of this sign-in or, at a refresh, from what the Identity API states about the session; tier and purposes are
 * looked up every time, and at the pages and at a refresh whether the account is locked (0.5 RRU: a sign-in by our rounds
 * leaves that to the user pool and to the cutoff, which cost it nothing).
 * @throws Error for a way of signing in that the client has no right to: Cognito then issues nothing
 */
export async function addClaims(services: SignInServices, event: TriggerEvent): Promise<TokenAnswer> {
  const person = await readPerson(services, event);
  if (!person.exists || !('sub' in person.subject)) throw new Error('tokens: no such user');
  const { groups, scopes } = event.request;
  const { sub } = person.subject;
  const way = wayOf(event);
  if (way !== 'rounds' && (await services.isLocked(sub))) throw await lockedOut(services, person);
  const [proven, states] = await Promise.all([
    way === 'pages' ? undefined : provenBy[way](services, event, person),
    services.consents(sub),
  ]);
  const { assurance, viaManagedLogin } = await admitted(services, event, person, proven);
  const claims = tokenClaims(assurance, {
    tier: bestTier(services.config.tiers, groups.groupsToOverride),
    purposes: grantedPurposes(services.config.purposes, states),
  });
  const isOperator = mayOperate(groups.groupsToOverride, assurance);
  return {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: { claimsToAddOrOverride: claims },
      accessTokenGeneration: {
        claimsToAddOrOverride: claims,
        scopesToAdd: scopesToAdd(scopes, { viaManagedLogin, isOperator }),
      },
      // An empty answer here would remove every group from the token.
      groupOverrideDetails: isOperator ? groups : withoutOperators(groups),
    },
  };
}

/** Being an operator takes more than the group: a factor that cannot be phished, proven in this session. */
const withoutOperators = (groups: GroupConfiguration): GroupConfiguration => ({
  ...groups,
  groupsToOverride: groups.groupsToOverride.filter((group) => group !== operatorGroup),
});

const isRefresh = (event: TriggerEvent): boolean => event.triggerSource === 'TokenGeneration_RefreshTokens';

const currentAssurance = (services: SignInServices, event: TriggerEvent, person: Person) =>
  event.request.clientMetadata[sessionMetadataKey] === undefined && !isRefresh(event)
    ? signInAssurance(services, event, person)
    : refreshed(services, event, person);

/**
 * Which ways lead to tokens. The pool's pages are for clients with that door. A sign-in past them needs a flow of ours that
 * reached its end; only an SDK may leave it unnamed, and gets no assurance for it: Define issued by the flow, but these
 * calls do not say which it was. Whatever came by another way (a temporary password, a remembered device) gets nothing.
 */
async function requireDoor(
  { clientOf }: SignInServices,
  event: TriggerEvent,
  assurance: Assurance | undefined,
): Promise<void> {
  const { triggerSource, callerContext, request } = event;
  if (assurance || isRefresh(event)) return;
  const isHosted = triggerSource === 'TokenGeneration_HostedAuth';
  const isUnnamed =
    triggerSource === 'TokenGeneration_Authentication' &&
    !naming.some((key) => request.clientMetadata[key] !== undefined);
  const client = isHosted || isUnnamed ? await clientOf(callerContext.clientId) : undefined;
  if (client?.door !== (isHosted ? 'managed-login' : 'sdk')) throw new Error('tokens: no way of this client');
}

const naming = [contextMetadataKey, flowMetadataKey, sessionMetadataKey];

/** Define let this call pass with this very flow; here it has to exist, be this person's and have reached its end. */
async function signInAssurance(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
): Promise<Assurance | undefined> {
  const reference = await readReference(services, event.request.clientMetadata, person);
  if (!('id' in reference)) return undefined;
  const seen = await services.flows.find(reference.id);
  // The cheap read may be a moment behind the write that finished the flow.
  const flow = seen && isFinal(seen) ? seen : await services.flows.find(reference.id, { consistent: true });
  return flow && isFinal(flow) && belongsTo(flow, person) ? assuranceOf(flow) : undefined;
}

async function refreshed(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
): Promise<Assurance | undefined> {
  const stated = await services.sessions.read(event.request.clientMetadata[sessionMetadataKey]);
  const isOurs = stated?.sub === person.account && stated.client === person.client;
  const now = services.clock.now();
  // A refresh through the Identity API has an id of its own; one by an SDK does not, so a retry may tell it twice.
  const id =
    stated && isOurs
      ? derivedEventId(stated.issuedAt * 1000, stated.id, 'session.refreshed')
      : services.random.ulid(now);
  await services.outbox.put({
    v: 1,
    id,
    type: 'session.refreshed',
    at: new Date(now).toISOString(),
    subject: person.subject,
    actor: 'self',
    outcome: 'success',
    reasons: [],
    client: person.client,
    door: isOurs ? 'api' : 'sdk',
    ...(stated && isOurs && { flow: stated.flow as FlowId }),
  });
  return stated && isOurs ? { flow: stated.flow, level: stated.level, methods: stated.methods } : undefined;
}
