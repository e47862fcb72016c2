import type { RouteTable } from './table.ts';

/** The way back for somebody who lost every further factor. */
export const recoveryRoutes = {} as const satisfies RouteTable;
