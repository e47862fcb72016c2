import type { ProviderIdentity } from '../core/linking/identity.ts';
import type { LinkDirectory } from '../core/linking/ports.ts';
import type { CognitoClient } from './cognito/client.ts';
import { AdminDisableProviderForUserCommand, AdminLinkProviderForUserCommand } from './cognito/commands.ts';

const asCognito = ({ provider, subject }: ProviderIdentity) => ({
  ProviderName: provider,
  ProviderAttributeName: 'Cognito_Subject',
  ProviderAttributeValue: subject,
});

/** The pool takes no more of them, knows the identity as somebody else, or knows neither. */
const refusals = [
  'AliasExistsException',
  'InvalidParameterException',
  'LimitExceededException',
  'UserNotFoundException',
];

const isNamed = (error: unknown, names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

/** Identities of the user pool; a user's name there is the `sub`, as people sign in by e-mail. */
export const cognitoLinks = (cognito: CognitoClient, UserPoolId: string): LinkDirectory => ({
  link: async ({ sub, primary }, identity) => {
    const command = new AdminLinkProviderForUserCommand({
      UserPoolId,
      DestinationUser: primary
        ? asCognito(primary)
        : { ProviderName: 'Cognito', ProviderAttributeValue: sub },
      SourceUser: asCognito(identity),
    });
    return cognito.send(command).then(
      () => 'linked' as const,
      (error: unknown) => {
        if (!isNamed(error, refusals)) throw error;
        // A repeat after an answer that was lost; Cognito has no other sign of it than its words.
        return /already linked to DestinationUser/i.test(error.message) ? 'linked' : 'refused';
      },
    );
  },
  unlink: async (identity) => {
    const command = new AdminDisableProviderForUserCommand({ UserPoolId, User: asCognito(identity) });
    await cognito.send(command).catch((error: unknown) => {
      if (!isNamed(error, ['UserNotFoundException'])) throw error;
    });
  },
});
