import type { RouteTable } from './table.ts';

/** Sign-ins of other providers that belong to the account. */
export const linkRoutes = {} as const satisfies RouteTable;
