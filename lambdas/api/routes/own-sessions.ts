import type { RouteTable } from './table.ts';

/** Sessions and devices of the signed-in person, and raising assurance inside a session. */
export const ownSessionRoutes = {} as const satisfies RouteTable;
