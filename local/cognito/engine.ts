import type { Cloud } from '../platform.ts';
import { Configurations } from './configurations.ts';
import { Directory } from './directory.ts';
import { IdentityProviders } from './federation/identity-providers.ts';
import { ImportJobs } from './imports/jobs.ts';
import { Limits } from './limits.ts';
import type { Client, Pool } from './model.ts';
import { Pools } from './pools.ts';
import { Secrets } from './secrets.ts';
import { AuthSessions } from './sessions.ts';
import { TokenFamilies } from './tokens/families.ts';
import { Keys } from './tokens/keys.ts';
import { type StringMap, type TriggerContext, Triggers } from './triggers/triggers.ts';

/** Everything an operation works with. */
export interface Engine {
  readonly cloud: Cloud;
  readonly pools: Pools;
  readonly directory: Directory;
  readonly configurations: Configurations;
  readonly identityProviders: IdentityProviders;
  readonly keys: Keys;
  readonly families: TokenFamilies;
  readonly sessions: AuthSessions;
  readonly secrets: Secrets;
  readonly limits: Limits;
  readonly triggers: Triggers;
  readonly imports: ImportJobs;
}

export async function openEngine(cloud: Cloud): Promise<Engine> {
  const secrets = await Secrets.open(cloud.store);
  const pools = new Pools(cloud.store);
  return {
    cloud,
    pools,
    configurations: new Configurations(cloud.store, cloud.clock),
    directory: new Directory(cloud.store, (poolId) => pools.get(poolId)),
    identityProviders: new IdentityProviders(cloud.store),
    keys: new Keys(cloud.store),
    families: new TokenFamilies(cloud.store, secrets, cloud.clock),
    sessions: new AuthSessions(cloud.store, secrets, cloud.clock),
    secrets,
    limits: new Limits(cloud.store, cloud.clock),
    triggers: new Triggers(cloud),
    imports: new ImportJobs(cloud.store),
  };
}

/** One API call: who asks with which SDK, from where. */
export interface Call {
  readonly operation: string;
  readonly sdkVersion: string;
  readonly sourceIp: string;
}

/** One call on behalf of an app client. */
export interface ClientCall extends Call {
  readonly pool: Pool;
  readonly client: Client;
}

export function clientCall(engine: Engine, call: Call, clientId: string, poolId?: string): ClientCall {
  const client = engine.pools.client(clientId, poolId);
  return { ...call, client, pool: engine.pools.get(client.poolId) };
}

export function triggerContext(
  call: Call & { readonly pool: Pool; readonly client?: Client },
  clientMetadata?: StringMap,
): TriggerContext {
  const { pool, client, sdkVersion } = call;
  return { pool, sdkVersion, ...(client ? { client } : {}), ...(clientMetadata ? { clientMetadata } : {}) };
}

/** Issuer of a pool's tokens, below the local cloud's address. */
export const issuerOf = (engine: Engine, poolId: string): string => `${engine.cloud.url}/${poolId}`;

/** Second half of the pool id: what SRP calls the pool. */
export const srpPoolName = (poolId: string): string => poolId.slice(poolId.indexOf('_') + 1);

export const hidesUsers = (client: Client): boolean =>
  client.settings.PreventUserExistenceErrors === 'ENABLED';

/** Epoch seconds, as the JSON protocol writes times. */
export const timestamp = (epochMs: number): number => Math.round(epochMs) / 1000;
