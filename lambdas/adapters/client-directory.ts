import type { Clock } from '../ports.ts';
import { openParameterStore } from './aws-json/parameter-store.ts';

export interface NamedClient {
  readonly name: string;
  readonly door: string;
}

/** Which app client is which, by id; `undefined` for one that the template does not list. */
export type ClientDirectory = (clientId: string) => Promise<NamedClient | undefined>;

/** How long the list is used before it is read again: a new client is known everywhere after this time. */
const cacheSeconds = 300;

/** Reads the SSM parameter that the template writes, at the first need: most installations never ask. */
export function clientDirectory(parameterName: string, clock: Clock): ClientDirectory {
  let cached:
    | { readonly at: number; readonly clients: Promise<Readonly<Record<string, NamedClient>>> }
    | undefined;
  return async (clientId) => {
    if (!cached || clock.now() - cached.at > cacheSeconds * 1000) {
      cached = { at: clock.now(), clients: read(parameterName) };
    }
    const { clients } = cached;
    try {
      const known = await clients;
      return Object.hasOwn(known, clientId) ? known[clientId] : undefined;
    } catch (error) {
      cached = undefined; // the next call tries again
      throw error;
    }
  };
}

async function read(parameterName: string): Promise<Readonly<Record<string, NamedClient>>> {
  const value = await openParameterStore()(parameterName);
  return JSON.parse(value) as Record<string, NamedClient>;
}
