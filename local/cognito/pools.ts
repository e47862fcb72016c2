import type { Collection, Store } from '../platform.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import type { Client, Domain, Group, Pool, ResourceServer } from './model.ts';

/** Pools and what belongs to them, apart from users. Reads are synchronous; a write is durable when its promise resolves. */
export class Pools {
  private readonly pools: Collection<Pool>;
  private readonly clients: Collection<Client>;
  private readonly groups: Collection<Group>;
  private readonly servers: Collection<ResourceServer>;
  private readonly domains: Collection<Domain>;

  constructor(store: Store) {
    this.pools = store.collection('cognito-pools');
    this.clients = store.collection('cognito-clients');
    this.groups = store.collection('cognito-groups');
    this.servers = store.collection('cognito-resource-servers');
    this.domains = store.collection('cognito-domains');
  }

  find(poolId: string): Pool | undefined {
    return this.pools.get(poolId);
  }

  get(poolId: string): Pool {
    const pool = this.pools.get(poolId);
    if (!pool) throw resourceNotFound(`User pool ${poolId} does not exist.`);
    return pool;
  }

  put(pool: Pool): Promise<void> {
    return this.pools.set(pool.id, pool);
  }

  all(): Pool[] {
    return values(this.pools);
  }

  async remove(poolId: string): Promise<void> {
    await Promise.all([
      ...this.clientsOf(poolId).map(({ id }) => this.clients.delete(id)),
      ...this.groupsOf(poolId).map(({ name }) => this.groups.delete(key(poolId, name))),
      ...this.serversOf(poolId).map(({ identifier }) => this.servers.delete(key(poolId, identifier))),
    ]);
    await this.pools.delete(poolId);
  }

  findClient(clientId: string): Client | undefined {
    return this.clients.get(clientId);
  }

  client(clientId: string, poolId?: string): Client {
    const client = this.clients.get(clientId);
    if (!client || (poolId && client.poolId !== poolId)) {
      throw resourceNotFound(`User pool client ${clientId} does not exist.`);
    }
    return client;
  }

  putClient(client: Client): Promise<void> {
    return this.clients.set(client.id, client);
  }

  removeClient(clientId: string): Promise<void> {
    return this.clients.delete(clientId);
  }

  clientsOf(poolId: string): Client[] {
    return values(this.clients).filter((client) => client.poolId === poolId);
  }

  findGroup(poolId: string, name: string): Group | undefined {
    return this.groups.get(key(poolId, name));
  }

  group(poolId: string, name: string): Group {
    const group = this.findGroup(poolId, name);
    if (!group) throw resourceNotFound('Group not found.');
    return group;
  }

  putGroup(group: Group): Promise<void> {
    return this.groups.set(key(group.poolId, group.name), group);
  }

  removeGroup(poolId: string, name: string): Promise<void> {
    return this.groups.delete(key(poolId, name));
  }

  groupsOf(poolId: string): Group[] {
    return values(this.groups).filter((group) => group.poolId === poolId);
  }

  findServer(poolId: string, identifier: string): ResourceServer | undefined {
    return this.servers.get(key(poolId, identifier));
  }

  server(poolId: string, identifier: string): ResourceServer {
    const server = this.findServer(poolId, identifier);
    if (!server) throw resourceNotFound(`Resource server ${identifier} does not exist.`);
    return server;
  }

  putServer(server: ResourceServer): Promise<void> {
    return this.servers.set(key(server.poolId, server.identifier), server);
  }

  removeServer(poolId: string, identifier: string): Promise<void> {
    return this.servers.delete(key(poolId, identifier));
  }

  serversOf(poolId: string): ResourceServer[] {
    return values(this.servers).filter((server) => server.poolId === poolId);
  }

  domainsOf(poolId: string): Domain[] {
    return values(this.domains).filter((domain) => domain.poolId === poolId);
  }

  allDomains(): Domain[] {
    return values(this.domains);
  }

  findDomain(name: string): Domain | undefined {
    return this.domains.get(name);
  }

  removeDomain(name: string): Promise<void> {
    return this.domains.delete(name);
  }

  putDomain(domain: Domain): Promise<void> {
    const owner = this.domains.get(domain.domain)?.poolId;
    if (owner && owner !== domain.poolId)
      throw invalidParameter('Domain already associated with another user pool.');
    return this.domains.set(domain.domain, domain);
  }
}

const key = (poolId: string, name: string): string => `${poolId}/${name}`;
const values = <T>(collection: Collection<T>): T[] => Array.from(collection.entries(), ([, value]) => value);
