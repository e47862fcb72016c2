/** The part of `oidc-provider` that the tests use; the package has no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  interface Context {
    readonly oidc: {
      readonly client?: { readonly clientId: string };
      readonly session?: { readonly accountId?: string };
      readonly provider: {
        readonly Grant: new (about: { clientId?: string; accountId?: string }) => Grant;
      };
    };
  }
  export class Provider {
    constructor(
      issuer: string,
      configuration: {
        readonly findAccount: (context: Context, id: string) => Promise<object>;
        readonly interactions: { url(context: Context, interaction: { readonly uid: string }): string };
        readonly loadExistingGrant: (context: Context) => Promise<Grant>;
        readonly [other: string]: unknown;
      },
    );
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
}
