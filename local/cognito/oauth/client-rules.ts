import type { Client } from '../model.ts';

const list = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/** What the OAuth settings of a client allow; they mean nothing without the switch. */
export interface OAuthRules {
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  /** `COGNITO` for the pool's own accounts. */
  readonly providers: readonly string[];
}

/** @returns `undefined` for a client that may not use the OAuth endpoints */
export function oauthRules({ settings }: Client): OAuthRules | undefined {
  if (settings.AllowedOAuthFlowsUserPoolClient !== true) return undefined;
  const providers = list(settings.SupportedIdentityProviders);
  return {
    flows: list(settings.AllowedOAuthFlows),
    scopes: list(settings.AllowedOAuthScopes),
    callbackUrls: list(settings.CallbackURLs),
    logoutUrls: list(settings.LogoutURLs),
    providers: providers.length > 0 ? providers : ['COGNITO'],
  };
}
