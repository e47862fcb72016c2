import type { HttpMethod, RouteAssurance, RouteSpec } from '../types.ts';

/** Routes of one area: `METHOD /v1/path` to what the route promises. */
export type RouteTable = Readonly<Record<`${HttpMethod} /v1/${string}`, RouteSpec>>;

export const open = { kind: 'public' } as const;
export const user = <const S extends string>(scope: S) => ({ kind: 'user', scope }) as const;

export const operator = <const S extends 'operators.read' | 'operators.write'>(scope: S) =>
  ({ kind: 'operator', scope }) as const;

/** Every operator route: two factors, proven within a working day. */
export const operatorAssurance = { level: 2, maxAgeSeconds: 43_200 } as const satisfies RouteAssurance;

/**
 * For changes that would hand the account to whoever holds an open session (factors, password, address, links,
 * erasure): the best that the person can prove, within the last ten minutes.
 */
export const reauthentication = { level: 'enrolled', maxAgeSeconds: 600 } as const satisfies RouteAssurance;
