import type { ServiceConfiguration } from '../core/configuration.ts';
import type { Consents } from '../core/consent/ports.ts';
import type { Profiles, RecentActivity } from '../core/profile/ports.ts';
import type { Pseudonyms, Random } from '../ports.ts';
import type { LinkServices } from './links/routes.ts';
import type { PrivacyServices } from './privacy/routes.ts';
import type { SecurityServices } from './security/services.ts';
import type { OwnSessionServices } from './sessions/services.ts';

/** What the routes of this function work with; made once per environment. */
export interface AccountServices {
  readonly configuration: Pick<ServiceConfiguration, 'languages' | 'profile' | 'purposes'>;
  readonly profiles: Profiles;
  readonly consents: Consents;
  readonly activity: RecentActivity;
  readonly pseudonyms: Pseudonyms;
  readonly random: Pick<Random, 'ulid'>;
  readonly security: SecurityServices;
  readonly links: LinkServices;
  readonly ownSessions: OwnSessionServices;
  readonly privacy: PrivacyServices;
}
