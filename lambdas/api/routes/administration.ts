import type { RouteTable } from './table.ts';

/** What operators do with accounts and sessions. */
export const administrationRoutes = {} as const satisfies RouteTable;
