import { dynamoAddressClaims } from '../../adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../../adapters/audit-outbox.ts';
import { dynamoBrowserSessions } from '../../adapters/browser-sessions.ts';
import type { CognitoClient } from '../../adapters/cognito/client.ts';
import { cognitoFirstSignIn } from '../../adapters/cognito-first-sign-in.ts';
import { type CognitoSignIn, cognitoSignIn } from '../../adapters/cognito-sign-in.ts';
import { contextTokens } from '../../adapters/context-tokens.ts';
import type { DynamoClient } from '../../adapters/dynamo.ts';
import { dynamoFlows } from '../../adapters/flows.ts';
import { passkeyChallenges } from '../../adapters/passkey-challenges.ts';
import { cognitoProviderDoor, dynamoSpentAttempts } from '../../adapters/provider-door.ts';
import { dynamoRiskCounters } from '../../adapters/risk-counters.ts';
import { sealed } from '../../adapters/sealed.ts';
import { cachedSecret, rotatingKeys, type SecretReader } from '../../adapters/secrets.ts';
import { dynamoSessionCutoffs } from '../../adapters/session-cutoffs.ts';
import { dynamoSessionStates } from '../../adapters/session-states.ts';
import { sessionTokens } from '../../adapters/session-tokens.ts';
import { systemClock as clock, systemRandom as random } from '../../adapters/system.ts';
import { dynamoIsWaiting } from '../../adapters/waiting-people.ts';
import { userScopes } from '../../core/session/claims.ts';
import { providerAttemptSeconds, providerCallbackPath } from '../../core/session/provider-attempt.ts';
import type { Pseudonyms, SigningKeys } from '../../ports.ts';
import { sessionLifetimes } from '../../session-lifetimes.ts';
import type { AuthEnv } from '../env.ts';
import { withFirstSignIn } from './first-sign-in.ts';
import { flowHandleSeconds, refreshHandleSeconds, type SessionServices } from './services.ts';

/** Services of these routes from the function's environment; made once, beside those of the other routes. */
export const sessionServices = (
  env: AuthEnv,
  shared: {
    readonly cognito: CognitoClient;
    readonly dynamo: DynamoClient;
    readonly secrets: SecretReader;
    readonly keys: SigningKeys;
    readonly pseudonyms: Pseudonyms;
    readonly requireGoodPassword: SessionServices['requireGoodPassword'];
    readonly origins: readonly string[];
    /** Names of the configured providers. */
    readonly providers?: readonly string[];
    readonly portalUrl?: string;
    /** Whether people who were not imported may still exist elsewhere. */
    readonly asksLegacySystem?: boolean;
  },
): SessionServices => ({
  cognito: signInClient(env, shared),
  ...providerSignIn(env, shared),
  requireGoodPassword: shared.requireGoodPassword,
  contexts: contextTokens(shared.keys, clock),
  sessions: sessionTokens(shared.keys, clock),
  flows: sealed('flow', shared.keys, clock, flowHandleSeconds),
  stepUps: sealed('step-up', shared.keys, clock, flowHandleSeconds),
  flowRecords: dynamoFlows(shared.dynamo, env.RISK_TABLE, clock),
  // A secret of its own: a session may outlive every rotation of the key that signs contexts for minutes.
  refreshTokens: sealed(
    'refresh',
    rotatingKeys(env.SEALING_SECRET, shared.secrets, clock),
    clock,
    refreshHandleSeconds,
  ),
  passkeyChallenges: passkeyChallenges(shared.keys, clock),
  relyingPartyId: env.RELYING_PARTY_ID,
  counters: dynamoRiskCounters(shared.dynamo, env.RISK_TABLE, clock),
  states: dynamoSessionStates(shared.dynamo, env.RISK_TABLE, clock),
  cutoff: dynamoSessionCutoffs(shared.dynamo, env.RISK_TABLE),
  browsers: dynamoBrowserSessions(
    shared.dynamo,
    env.RISK_TABLE,
    clock,
    sessionLifetimes(env).session.absoluteSeconds,
  ),
  lifetimes: sessionLifetimes(env),
  origins: shared.origins,
  outbox: dynamoAuditOutbox(shared.dynamo, { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS }),
  pseudonyms: shared.pseudonyms,
  clock,
  random,
  clientId: env.SERVER_CLIENT_ID,
});

/** There where the deployment has made the portal's own client: with sign-in pages and providers. */
function providerSignIn(
  env: AuthEnv,
  shared: {
    readonly cognito: CognitoClient;
    readonly dynamo: DynamoClient;
    readonly secrets: SecretReader;
    readonly keys: SigningKeys;
    readonly providers?: readonly string[];
    readonly portalUrl?: string;
  },
): Pick<SessionServices, 'providers' | 'providerSessions'> {
  const { PORTAL_CLIENT_ID: clientId, PORTAL_CLIENT_SECRET: secretId, USER_POOL_ID: userPoolId } = env;
  if (clientId === '' || !shared.portalUrl) return {};
  const portal = {
    issuer: env.ISSUER,
    clientId,
    secret: cachedSecret(shared.secrets, secretId),
    redirectUri: `${shared.portalUrl}${providerCallbackPath}`,
    scopes: userScopes,
  };
  return {
    providers: {
      clientId,
      names: shared.providers ?? [],
      door: cognitoProviderDoor(portal, clock),
      attempts: sealed('provider', shared.keys, clock, providerAttemptSeconds),
      spend: dynamoSpentAttempts(shared.dynamo, env.RISK_TABLE, clock),
    },
    providerSessions: cognitoSignIn(
      shared.cognito,
      { userPoolId, clientId, secretId },
      shared.secrets,
      clock,
    ),
  };
}

/** Cognito's sign-in, with the way in for people of another system where they are expected. */
function signInClient(
  env: AuthEnv,
  shared: {
    readonly cognito: CognitoClient;
    readonly dynamo: DynamoClient;
    readonly secrets: SecretReader;
    readonly pseudonyms: Pseudonyms;
    readonly asksLegacySystem?: boolean;
  },
): CognitoSignIn {
  const userPoolId = env.USER_POOL_ID;
  const server = { userPoolId, clientId: env.SERVER_CLIENT_ID, secretId: env.SERVER_CLIENT_SECRET };
  const signIn = cognitoSignIn(shared.cognito, server, shared.secrets, clock);
  if (env.MIGRATION_TABLE === '') return signIn;
  const migration = {
    userPoolId,
    clientId: env.MIGRATION_CLIENT_ID,
    secretId: env.MIGRATION_CLIENT_SECRET,
  };
  return withFirstSignIn(signIn, {
    firstSignIn: cognitoFirstSignIn(shared.cognito, migration, shared.secrets),
    isWaiting: dynamoIsWaiting(shared.dynamo, env.MIGRATION_TABLE, clock),
    ...(shared.asksLegacySystem && { claims: dynamoAddressClaims(shared.dynamo, env.PROFILES_TABLE) }),
    pseudonyms: shared.pseudonyms,
    random,
  });
}
