import type { ContextTokens } from '../adapters/context-tokens.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';
import type { Identifier } from '../core/identifier.ts';
import type { RegistrationPorts } from '../core/registration/register.ts';
import type { Request } from '../core/registration/requester.ts';
import type { RequestContext } from '../core/risk/context.ts';
import { signInContext } from './sessions/services.ts';

/** What the routes of registration and recovery work with. */
export interface RegistrationServices {
  readonly configuration: ServiceConfiguration;
  readonly ports: RegistrationPorts;
  readonly contexts: Pick<ContextTokens, 'mint'>;
  /** Registrations, and likewise recoveries, that one network address may ask for in an hour. */
  readonly perAddressPerHour: number;
  /** Ends every refresh token of the account at the pool, where an SDK could go on with one. */
  readonly signOutEverywhere: (address: Identifier) => Promise<void>;
  /** Tells the operator that it failed; the reset is done by then. */
  readonly signOutFailed: (error: unknown) => void;
}

/** A signed word to our own triggers about this request. */
export const registrationContext = (
  { contexts, ports: { random } }: RegistrationServices,
  request: Request,
  more: Pick<RequestContext, 'nextDevice'> = {},
): Promise<string> =>
  signInContext({ contexts, random }, request, { audience: 'registration', door: 'api', ...more });
