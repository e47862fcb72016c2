import type { Handlers } from '../api/types.ts';
import { insightRoutes } from './insight-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import type { AdminServices } from './services.ts';
import { sessionEndingRoutes } from './session-ending-routes.ts';

/** Every route of this function, over the given services. */
export const adminRoutes = (services: AdminServices): Handlers<'admin-api'> => ({
  ...peopleRoutes(services),
  ...sessionEndingRoutes(services),
  ...insightRoutes(services),
});
