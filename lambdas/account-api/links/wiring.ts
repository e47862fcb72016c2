import { dynamoAddressClaims } from '../../adapters/address-claims.ts';
import { type AuditTable, dynamoAuditOutbox } from '../../adapters/audit-outbox.ts';
import { cognitoClient } from '../../adapters/cognito/client.ts';
import { cognitoLinks } from '../../adapters/cognito-links.ts';
import type { DynamoClient } from '../../adapters/dynamo.ts';
import { dynamoLinks } from '../../adapters/links.ts';
import { dynamoPendingLinks } from '../../adapters/pending-links.ts';
import { systemClock, systemRandom } from '../../adapters/system.ts';
import type { Pseudonyms } from '../../ports.ts';
import type { LinkServices } from './routes.ts';

interface LinkEnv {
  readonly PROFILES_TABLE: string;
  readonly RISK_TABLE: string;
  readonly USER_POOL_ID: string;
}

/** Services of these routes from the function's environment. */
export const linkServices = (
  env: LinkEnv,
  { client, audit, pseudonyms }: { client: DynamoClient; audit: AuditTable; pseudonyms: Pseudonyms },
): LinkServices => ({
  claims: dynamoAddressClaims(client, env.PROFILES_TABLE),
  pendingLinks: dynamoPendingLinks(client, env.RISK_TABLE, audit, systemClock),
  links: dynamoLinks(client, { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit }),
  linkDirectory: cognitoLinks(cognitoClient(), env.USER_POOL_ID),
  outbox: dynamoAuditOutbox(client, audit),
  pseudonyms,
  random: systemRandom,
});
