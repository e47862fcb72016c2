import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

/** Loaded at the first use and built as a file of its own: most requests of a signed-in person need no user pool. */
export function openCognitoAdmin(UserPoolId: string) {
  const client = new CognitoIdentityProviderClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 300, requestTimeout: 2_500, throwOnRequestTimeout: true },
  });
  return {
    find: (Username: string) => client.send(new AdminGetUserCommand({ UserPoolId, Username })),
    disable: (Username: string) => client.send(new AdminDisableUserCommand({ UserPoolId, Username })),
    setPassword: (Username: string, Password: string) =>
      client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true })),
    sessions: (Username: string, NextToken?: string) =>
      client.send(
        new AdminListUserSessionsCommand({
          UserPoolId,
          Username,
          ...(NextToken !== undefined && { NextToken }),
        }),
      ),
    endSession: (Username: string, SessionId: string) =>
      client.send(new AdminRevokeUserSessionCommand({ UserPoolId, Username, SessionId })),
    signOut: (Username: string) => client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username })),
    setAttributes: (Username: string, attributes: Readonly<Record<string, string>>) =>
      client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username,
          UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
        }),
      ),
  };
}
