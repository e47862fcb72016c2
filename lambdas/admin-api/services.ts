import type { FindingPorts } from '../core/administration/find-person.ts';
import type { PeoplePorts } from '../core/administration/people.ts';
import type { AddressAttempts, DecisionTraces } from '../core/administration/ports.ts';
import type { CohortPorts } from '../core/administration/session-endings.ts';
import type { Consents } from '../core/consent/ports.ts';
import type { Links } from '../core/linking/ports.ts';
import type { OperatorActivity } from '../core/profile/activity.ts';
import type { RecentActivity } from '../core/profile/ports.ts';
import type { RecoveryPolicy } from '../core/recovery/recovery.ts';
import type { StatisticsReader } from '../core/statistics/ports.ts';
import type { AuditOutbox, Pseudonyms } from '../ports.ts';

/** What the routes of this function work with; made once per environment. */
export interface AdminServices {
  readonly people: PeoplePorts;
  readonly finding: Pick<FindingPorts, 'ownerOf' | 'identityOwnerOf'>;
  readonly cohorts: CohortPorts;
  readonly links: Pick<Links, 'list'>;
  readonly activity: RecentActivity<OperatorActivity>;
  readonly attempts: AddressAttempts;
  readonly consents: Pick<Consents, 'states' | 'history'>;
  readonly decisions: DecisionTraces;
  readonly statistics: StatisticsReader;
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly recovery: RecoveryPolicy;
  /** Every app client of the pool: a query that names none reads the sessions of all. */
  readonly clientIds: readonly string[];
}
