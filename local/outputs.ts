import { operatorKeyId } from './access-keys.ts';

/** What tools need to work with a running local cloud; `outputs.json` in its directory. */
export interface CloudOutputs {
  readonly version: 1;
  readonly stage: string;
  readonly region: string;
  readonly url: string;
  readonly userPoolId: string;
  readonly clients: { readonly web: { readonly id: string }; readonly server: { readonly id: string } };
  readonly endpoints: {
    /** Pages for customers and operators; with the Identity API below `/v1/` of the same origin. */
    readonly portal?: string;
    readonly identityApi: string;
    readonly cognitoIdp: string;
    readonly issuer: string;
    /** Sign-in pages and OAuth endpoints of the pool's domain. */
    readonly managedLogin?: string;
    readonly openapi: string;
    readonly mailbox: string;
    readonly console: string;
    /** For tools that know one endpoint for all services. */
    readonly aws: string;
  };
  readonly audit: { readonly directory: string };
  /** For AWS tools; the key is allowed everything, here only. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The stack's own outputs. */
  readonly stack: Readonly<Record<string, string>>;
}

export interface OutputSources {
  readonly stage: string;
  readonly region: string;
  readonly url: string;
  readonly auditDirectory: string;
  /** Address of the pool's domain. */
  readonly managedLogin?: string;
  /** There when the template has a distribution. */
  readonly portal?: string;
  readonly stack: Readonly<Record<string, string>>;
}

export function cloudOutputs({
  stage,
  region,
  url,
  auditDirectory,
  managedLogin,
  portal,
  stack,
}: OutputSources): CloudOutputs {
  const userPoolId = stack.UserPoolId ?? '';
  return {
    version: 1,
    stage,
    region,
    url,
    userPoolId,
    clients: { web: { id: stack.WebClientId ?? '' }, server: { id: stack.ServerClientId ?? '' } },
    endpoints: {
      ...(portal ? { portal } : {}),
      identityApi: `${url}/api`,
      cognitoIdp: `${url}/_aws/cognito-idp`,
      issuer: stack.Issuer ?? `${url}/${userPoolId}`,
      ...(managedLogin ? { managedLogin } : {}),
      openapi: `${url}/api/v1/openapi.json`,
      mailbox: `${url}/_mailbox`,
      console: `${url}/`,
      aws: url,
    },
    audit: { directory: auditDirectory },
    credentials: { accessKeyId: operatorKeyId, secretAccessKey: 'local' },
    stack,
  };
}
