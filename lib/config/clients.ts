import type { StageName } from './types.ts';

/**
 * An app that signs people in, or a machine. `web` (SDK) and `server` (Identity API) are there without being listed.
 * The name is part of the client's identity: a rename gives the app a new client id.
 */
export type ClientConfig = ManagedLoginClient | SdkClient | MachineClient;

interface NamedClient {
  /** Lower-case letters, digits and hyphens; unique. */
  readonly name: string;
}

/** An app that sends people to the pool's own sign-in pages (OAuth code grant). Each door gives what docs/oidc.md says. */
export interface ManagedLoginClient extends NamedClient {
  readonly door: 'managed-login';
  /** With a secret, for apps that have a server. @default false (PKCE binds the code instead) */
  readonly confidential?: boolean;
  /** Redirect URIs by stage, compared exactly. */
  readonly callbackUrls: PerStage<readonly string[]>;
  /** Where `/logout` may send people. @default - the callback URLs */
  readonly logoutUrls?: PerStage<readonly string[]>;
  /** `openid`, `email`, `profile`, `phone`, some of our own, or those of `apis`. @default openid, email, profile */
  readonly scopes?: readonly string[];
  /** Names of identity providers offered beside the pool's own accounts. @default none */
  readonly providers?: readonly string[];
}

/** A further app that signs in with an SDK and the challenge rounds, as `web` does. */
export interface SdkClient extends NamedClient {
  readonly door: 'sdk';
}

/** A program that calls APIs in its own name (client credentials); its secret is kept in Secrets Manager. */
export interface MachineClient extends NamedClient {
  readonly door: 'machine';
  /** Scopes of `apis`. */
  readonly scopes: readonly string[];
}

export type PerStage<T> = Readonly<Record<StageName, T>>;

/** An API of the installation's owner whose scopes clients may ask for: `<identifier>/<scope>`. */
export interface ApiConfig {
  readonly identifier: string;
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
}

/** The pool's sign-in pages. A domain, once used, is for ever: passkeys registered there work nowhere else. */
export type ManagedLoginConfig = ManagedLoginMethods &
  (
    | { readonly domainPrefix: string }
    /** `certificateArn`: of ACM in us-east-1, whatever the Region of the pool. */
    | { readonly customDomain: { readonly name: string; readonly certificateArn: string } }
  );

interface ManagedLoginMethods {
  /** Ways to sign in beside the password. @default passkey */
  readonly methods?: readonly ('passkey' | 'email-code')[];
}

/** OpenID Connect's own scopes, as far as Cognito has them. */
export const openidScopes = ['openid', 'email', 'profile', 'phone'] as const;

/** Clients that an installation has without listing them; nothing else may be called so. */
export const builtInClients = ['web', 'server', 'portal'] as const;
