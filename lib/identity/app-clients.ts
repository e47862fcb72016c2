import { Duration } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageConfig } from '../config/types.ts';
import type { AccessModel } from './access-model.ts';
import type { UserDirectory } from './user-directory.ts';

export interface AppClientsProps {
  readonly directory: UserDirectory;
  readonly access: AccessModel;
  readonly stage: StageConfig;
}

/**
 * `web` (public: SDK and managed login) and `server` (confidential: only the Identity API signs in with it).
 * Construct ids are a contract: a rename gives a new client id to every app.
 */
export class AppClients extends Construct {
  readonly web: cognito.UserPoolClient;
  readonly server: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, { directory, access, stage }: AppClientsProps) {
    super(scope, id);
    const common = commonSettings(directory, stage);
    this.web = directory.pool.addClient('Web', {
      ...common,
      generateSecret: false,
      supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        // Code grant only. A public client has no secret: Cognito then needs PKCE to bind the code, and our SDK sends S256.
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [
          cognito.OAuthScope.OPENID,
          cognito.OAuthScope.EMAIL,
          cognito.OAuthScope.PROFILE,
          ...access.scopes,
        ],
        callbackUrls: [...stage.callbackUrls],
        logoutUrls: [...(stage.logoutUrls ?? stage.callbackUrls)],
      },
    });
    this.server = directory.pool.addClient('Server', { ...common, generateSecret: true, disableOAuth: true });
  }
}

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
    // CUSTOM_AUTH (which starts with SRP) and nothing else: USER_SRP_AUTH would give tokens for a password alone, past
    // every decision, because Define never runs there.
    authFlows: { custom: true },
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    readAttributes: readable,
    writeAttributes: writable,
    accessTokenValidity: Duration.minutes(10),
    idTokenValidity: Duration.minutes(10),
    refreshTokenValidity: Duration.days(stage.sessionDays ?? 30),
    // The longest that Cognito knows: a code may live 10 minutes and the challenge session must outlive it.
    authSessionValidity: Duration.minutes(15),
    // With rotation REFRESH_TOKEN_AUTH is not allowed: apps call GetTokensFromRefreshToken. 10 s cover a lost answer.
    ...(directory.plan !== 'lite' && { refreshTokenRotationGracePeriod: Duration.seconds(10) }),
  }) satisfies cognito.UserPoolClientOptions;
