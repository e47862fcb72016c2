import type { Operation } from '../registry.ts';
import { adminUserOperations } from './admin-users.ts';
import { clientSecretOperations } from './client-secrets.ts';
import { clientTokenOperations } from './client-tokens.ts';
import { clientOperations } from './clients.ts';
import { deviceOperations } from './devices.ts';
import { domainOperations } from './domains.ts';
import { groupOperations } from './groups.ts';
import { identityProviderOperations } from './identity-providers.ts';
import { linkedIdentityOperations } from './linked-identities.ts';
import { mfaConfigOperations } from './mfa-config.ts';
import { mfaPreferenceOperations } from './mfa-preferences.ts';
import { pageOperations } from './pages.ts';
import { passkeyOperations } from './passkeys.ts';
import { passwordOperations } from './passwords.ts';
import { poolConfigurationOperations } from './pool-configurations.ts';
import { poolOperations } from './pools.ts';
import { resourceServerOperations } from './resource-servers.ts';
import { selfServiceOperations } from './self-service.ts';
import { signInOperations } from './sign-in.ts';
import { signUpOperations } from './sign-up.ts';
import { softwareTokenOperations } from './software-tokens.ts';
import { userImportOperations } from './user-imports.ts';
import { userSessionOperations } from './user-sessions.ts';

/** Every operation the engine knows, by name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...signUpOperations,
    ...signInOperations,
    ...passkeyOperations,
    ...softwareTokenOperations,
    ...mfaPreferenceOperations,
    ...mfaConfigOperations,
    ...deviceOperations,
    ...userSessionOperations,
    ...clientSecretOperations,
    ...clientTokenOperations,
    ...poolConfigurationOperations,
    ...passwordOperations,
    ...selfServiceOperations,
    ...adminUserOperations,
    ...groupOperations,
    ...poolOperations,
    ...clientOperations,
    ...resourceServerOperations,
    ...domainOperations,
    ...pageOperations,
    ...identityProviderOperations,
    ...linkedIdentityOperations,
    ...userImportOperations,
  ].map((operation) => [operation.name, operation]),
);
