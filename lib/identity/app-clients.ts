import { Duration } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { resourceServer } from '../../lambdas/api/types.ts';
import { userScopes } from '../../lambdas/core/session/claims.ts';
import { providerCallbackPath } from '../../lambdas/core/session/provider-attempt.ts';
import type { ClientConfig, MachineClient, ManagedLoginClient } from '../config/clients.ts';
import type { StageConfig, StageName } from '../config/types.ts';
import { defaultSessionDays } from '../parameters/environment.ts';
import type { AccessModel } from './access-model.ts';
import type { NamedClient } from './client-directory.ts';
import type { UserDirectory } from './user-directory.ts';

export interface AppClientsProps {
  readonly directory: UserDirectory;
  readonly access: AccessModel;
  readonly stageName: StageName;
  readonly stage: StageConfig;
  /** Of the configuration. */
  readonly clients: readonly ClientConfig[];
  /** Whether people of another system are expected. @default false */
  readonly migration?: boolean;
  /** Sign-ins with providers on the portal's own pages. @default none */
  readonly portal?: { readonly url: string; readonly providers: readonly string[] };
}

/** A client of the configuration with what became of it. */
export interface ConfiguredClient {
  readonly config: ClientConfig;
  readonly client: cognito.UserPoolClient;
}

/**
 * `web` (public, for SDKs), `server` (confidential: only the Identity API signs in with it), and those of the
 * configuration. Construct ids are a contract: a rename gives a new client id to every app.
 */
export class AppClients extends Construct {
  readonly web: cognito.UserPoolClient;
  readonly server: cognito.UserPoolClient;
  readonly configured: readonly ConfiguredClient[];
  /** Signs people of providers in on the portal's pages; only the Identity API has its secret and sees its tokens. */
  readonly portal?: cognito.UserPoolClient;
  /** Takes a password in clear, for the migration trigger alone; only the Identity API's role can use it. */
  readonly migration?: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, props: AppClientsProps) {
    super(scope, id);
    const { directory, stage } = props;
    // No OAuth: with a domain, its pages would open `web` to a password alone, past every decision.
    const rounds = { ...commonSettings(directory, stage), ...challengeRounds, disableOAuth: true };
    this.web = directory.pool.addClient('Web', { ...rounds, generateSecret: false });
    this.server = directory.pool.addClient('Server', { ...rounds, generateSecret: true });
    if (props.migration) {
      this.migration = directory.pool.addClient('Migration', {
        ...rounds,
        authFlows: { adminUserPassword: true },
        generateSecret: true,
        refreshTokenValidity: Duration.hours(1), // Cognito's shortest; they are revoked as soon as they exist
      });
    }
    if (props.portal) this.portal = this.portalClient(props, props.portal);
    this.configured = props.clients.map((config) => ({
      config,
      client: this.configure(config, props, rounds),
    }));
  }

  /** Every client, for those who must tell them apart. */
  get all(): readonly NamedClient[] {
    return [
      { name: 'web', door: 'sdk', clientId: this.web.userPoolClientId },
      { name: 'server', door: 'api', clientId: this.server.userPoolClientId },
      ...(this.migration
        ? [{ name: 'migration', door: 'migration' as const, clientId: this.migration.userPoolClientId }]
        : []),
      ...(this.portal
        ? [{ name: 'portal', door: 'managed-login' as const, clientId: this.portal.userPoolClientId }]
        : []),
      ...this.configured.map(({ config, client }) => ({
        name: config.name,
        door: config.door,
        clientId: client.userPoolClientId,
      })),
    ];
  }

  /** Ids of those whose tokens the Identity API takes: a person signed in, and the app may ask for its scopes. */
  get ofIdentityApi(): readonly string[] {
    const allowed = this.configured.filter(({ config }) => asksForOurScopes(config));
    return [this.web, this.server, ...allowed.map(({ client }) => client)].map(
      ({ userPoolClientId }) => userPoolClientId,
    );
  }

  /** As for apps with sign-in pages, but of providers alone, and with every scope of the person: the pages are ours. */
  private portalClient(
    { directory, access, stage }: AppClientsProps,
    { url, providers }: NonNullable<AppClientsProps['portal']>,
  ): cognito.UserPoolClient {
    const callbackUrls = [`${url}${providerCallbackPath}`];
    return directory.pool.addClient('Portal', {
      ...commonSettings(directory, stage),
      userPoolClientName: 'portal',
      generateSecret: true,
      authFlows: { user: true },
      supportedIdentityProviders: providers.map((name) =>
        cognito.UserPoolClientIdentityProvider.custom(name),
      ),
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: ['openid', ...userScopes].map((scope) => access.scope(scope)),
        callbackUrls,
        logoutUrls: callbackUrls,
      },
    });
  }

  private configure(
    config: ClientConfig,
    props: AppClientsProps,
    rounds: cognito.UserPoolClientOptions,
  ): cognito.UserPoolClient {
    const { directory } = props;
    const id = `Client-${config.name}`;
    switch (config.door) {
      case 'sdk':
        return directory.pool.addClient(id, { ...rounds, generateSecret: false });
      case 'managed-login':
        return directory.pool.addClient(id, managedLoginSettings(config, props));
      case 'machine':
        return machineClient(directory, id, config, props.access);
    }
  }
}

const asksForOurScopes = (config: ClientConfig): boolean =>
  config.door === 'sdk' ||
  (config.door === 'managed-login' &&
    (config.scopes ?? []).some((scope) => scope.startsWith(`${resourceServer}/`)));

/** What may be read and written is listed, because AWS's default for both is "everything". */
const readable = new cognito.ClientAttributes().withStandardAttributes({
  email: true,
  emailVerified: true,
  fullname: true,
  locale: true,
});
/** E-mail is needed at sign-up; a changed one stays unused until it is proven. No authorization data here, ever. */
const writable = new cognito.ClientAttributes().withStandardAttributes({
  email: true,
  fullname: true,
  locale: true,
});

const commonSettings = (directory: UserDirectory, stage: StageConfig) =>
  ({
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    readAttributes: readable,
    writeAttributes: writable,
    accessTokenValidity: Duration.minutes(10),
    idTokenValidity: Duration.minutes(10),
    refreshTokenValidity: Duration.days(stage.sessionDays ?? defaultSessionDays),
    // The longest that Cognito knows: a code may live 10 minutes and the challenge session must outlive it.
    authSessionValidity: Duration.minutes(15),
    // With rotation REFRESH_TOKEN_AUTH is not allowed: apps call GetTokensFromRefreshToken. 10 s cover a lost answer.
    ...(directory.plan !== 'lite' && { refreshTokenRotationGracePeriod: Duration.seconds(10) }),
  }) satisfies cognito.UserPoolClientOptions;

/**
 * CUSTOM_AUTH (which starts with SRP) and nothing else: USER_SRP_AUTH would give tokens for a password alone, past every
 * decision, because Define never runs there.
 */
const challengeRounds = { authFlows: { custom: true } } satisfies cognito.UserPoolClientOptions;

/**
 * Code grant only; Cognito has no setting that demands PKCE, so the app has to send it. USER_AUTH is what the pages need for
 * passkeys and codes; tokens of a sign-in past the pages are refused by token generation, which knows this client's door.
 */
function managedLoginSettings(
  config: ManagedLoginClient,
  { directory, access, stageName, stage }: AppClientsProps,
): cognito.UserPoolClientOptions {
  const callbackUrls = [...config.callbackUrls[stageName]];
  return {
    ...commonSettings(directory, stage),
    userPoolClientName: config.name, // the pages show it
    generateSecret: config.confidential ?? false,
    authFlows: { user: true },
    supportedIdentityProviders: [
      cognito.UserPoolClientIdentityProvider.COGNITO,
      ...(config.providers ?? []).map((name) => cognito.UserPoolClientIdentityProvider.custom(name)),
    ],
    oAuth: {
      flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
      scopes: (config.scopes ?? ['openid', 'email', 'profile']).map((scope) => access.scope(scope)),
      callbackUrls,
      logoutUrls: [...(config.logoutUrls?.[stageName] ?? callbackUrls)],
    },
  };
}

/** A program: a secret, its own scopes, and no way to sign a person in. */
function machineClient(
  { pool }: UserDirectory,
  id: string,
  { scopes }: MachineClient,
  access: AccessModel,
): cognito.UserPoolClient {
  const client = pool.addClient(id, {
    generateSecret: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    readAttributes: readable,
    writeAttributes: writable,
    accessTokenValidity: Duration.minutes(10),
    oAuth: {
      flows: { authorizationCodeGrant: false, implicitCodeGrant: false, clientCredentials: true },
      scopes: scopes.map((scope) => access.scope(scope)),
    },
  });
  const resource = client.node.defaultChild as cognito.CfnUserPoolClient;
  // Left out, AWS would allow SRP and custom sign-in. A refresh token never exists here, so this allows nothing.
  resource.explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
  resource.supportedIdentityProviders = undefined;
  return client;
}
