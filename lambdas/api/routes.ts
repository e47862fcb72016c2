import type { CiamErrorCode } from '../core/errors.ts';
import { accountRoutes } from './routes/account.ts';
import { administrationRoutes } from './routes/administration.ts';
import { linkRoutes } from './routes/links.ts';
import { ownSessionRoutes } from './routes/own-sessions.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { recoveryRoutes } from './routes/recovery.ts';
import { registrationRoutes } from './routes/registration.ts';
import { securityRoutes } from './routes/security.ts';
import { signInRoutes } from './routes/sign-in.ts';
import type { ApiFunction, HttpMethod, Route, RouteSpec } from './types.ts';

/** Errors that any route may answer with; routes list only what comes on top. */
export const commonErrors = {
  all: ['REQUEST_INVALID', 'TOO_MANY_ATTEMPTS', 'UNAVAILABLE', 'INTERNAL'],
  withBody: ['CONTENT_TYPE_UNSUPPORTED', 'BODY_TOO_LARGE'],
  withUser: ['TOKEN_REJECTED', 'SCOPE_MISSING'],
} as const satisfies Record<string, readonly CiamErrorCode[]>;

/** Body limit of every route, in bytes. */
export const maxBodyBytes = 16_384;

/**
 * Every route of the Identity API, and the only place that names one. API Gateway's resources, models and throttles,
 * the dispatch of every function, the OpenAPI document and the typed client are made from this table.
 */
export const routes = {
  ...registrationRoutes,
  ...signInRoutes,
  ...recoveryRoutes,
  ...accountRoutes,
  ...securityRoutes,
  ...ownSessionRoutes,
  ...linkRoutes,
  ...privacyRoutes,
  ...administrationRoutes,
} as const;

export type RouteId = keyof typeof routes;

/** The table as a list, for everything that walks over it. */
export const routeList: readonly Route[] = Object.entries<RouteSpec>(routes).map(([id, spec]) => {
  const [method, path] = id.split(' ') as [HttpMethod, string];
  return { ...spec, id, method, path };
});

export const routesOf = (name: ApiFunction): readonly Route[] =>
  routeList.filter((route) => route.function === name);

/** All codes that a route may answer with, sorted by status in its description. */
export const errorsOf = (route: Route): readonly CiamErrorCode[] => [
  ...commonErrors.all,
  ...(route.body ? commonErrors.withBody : []),
  ...(route.auth.kind !== 'public' ? commonErrors.withUser : []),
  ...(route.assurance ? (['STEP_UP_REQUIRED'] as const) : []),
  ...route.errors,
];
