import type { RouteTable } from './table.ts';

/** Factors of the signed-in person: passkeys, authenticator app, phone, recovery codes, password, address. */
export const securityRoutes = {} as const satisfies RouteTable;
