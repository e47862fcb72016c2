import type { HttpMethod, RouteSpec } from '../types.ts';

/** Routes of one area: `METHOD /v1/path` to what the route promises. */
export type RouteTable = Readonly<Record<`${HttpMethod} /v1/${string}`, RouteSpec>>;

export const open = { kind: 'public' } as const;
export const user = <const S extends string>(scope: S) => ({ kind: 'user', scope }) as const;
