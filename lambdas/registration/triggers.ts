import type {
  InboundFederationTriggerEvent,
  PostConfirmationTriggerEvent,
  PreSignUpTriggerEvent,
  UserMigrationTriggerEvent,
} from 'aws-lambda';
import type { PasswordResets } from '../adapters/session-cutoffs.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { CiamError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { FederationRules } from '../core/linking/admit-federated.ts';
import { type AdmissionPorts, type AdmissionRules, admitSignUp } from '../core/registration/admit.ts';
import {
  type CompletionPorts,
  type CompletionRules,
  type ConfirmedPerson,
  completeRegistration,
} from '../core/registration/complete.ts';
import { contextMetadataKey, type RequestContext } from '../core/risk/context.ts';
import { cutoffAt, untilNewSessionsCount } from '../core/session/cutoff.ts';
import { admitFirstSignIn, type FederationPorts, federatedOrigin, inbound } from './federation.ts';
import { migrationAnswer, refuseWaitingAddress } from './migration.ts';

export type RegistrationEvent =
  | PreSignUpTriggerEvent
  | PostConfirmationTriggerEvent
  | UserMigrationTriggerEvent
  | InboundFederationTriggerEvent;
export type RegistrationTriggerPorts = AdmissionPorts &
  CompletionPorts &
  FederationPorts & {
    readonly passwordResets: PasswordResets;
    readonly wait: (milliseconds: number) => Promise<void>;
  };

type Metadata = Readonly<Record<string, unknown>> | undefined;

const contextOf = (metadata: Metadata): string | undefined => {
  const value = metadata?.[contextMetadataKey];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * What each trigger source of this function does. Cognito may repeat any of them; repeating changes nothing.
 * @throws CiamError where a sign-up is refused
 */
export async function registrationTrigger<E extends RegistrationEvent>(
  ports: RegistrationTriggerPorts,
  rules: AdmissionRules & CompletionRules & FederationRules,
  event: E,
): Promise<E> {
  switch (event.triggerSource) {
    case 'PreSignUp_SignUp':
      await admitSignUp(ports, rules, {
        email: event.request.userAttributes.email ?? '',
        userName: event.userName,
        context: contextOf(event.request.clientMetadata),
        client: event.callerContext.clientId,
      });
      await refuseWaitingAddress(ports.migration, event.request.userAttributes.email ?? '');
      return event;
    case 'InboundFederation_ExternalProvider':
      return { ...event, ...(await inbound(ports, rules, event)) };
    case 'PreSignUp_ExternalProvider':
      await admitFirstSignIn(ports, rules, event);
      return event;
    case 'PreSignUp_AdminCreateUser':
      return event; // an operator's act: IAM has admitted it
    case 'PostConfirmation_ConfirmSignUp':
      await completeRegistration(ports, rules, await confirmedPerson(ports, rules, event));
      return event;
    case 'PostConfirmation_ConfirmForgotPassword':
      await passwordReset(ports, event);
      return event;
    case 'UserMigration_Authentication':
    case 'UserMigration_ForgotPassword':
      return { ...event, response: await migrationAnswer(ports.migration, event) };
    default:
      // Whatever comes later is closed until it has rules of its own.
      throw new CiamError('REGISTRATION_REFUSED', 'Registration is not possible this way.');
  }
}

const subOf = (event: PostConfirmationTriggerEvent): Sub => {
  const { sub } = event.request.userAttributes;
  if (!sub) throw new Error('trigger event without sub');
  return sub as Sub;
};

async function confirmedPerson(
  ports: RegistrationTriggerPorts,
  rules: FederationRules,
  event: PostConfirmationTriggerEvent,
): Promise<ConfirmedPerson> {
  const { email = '', locale } = event.request.userAttributes;
  const context = await genuineContext(ports, event);
  return {
    sub: subOf(event),
    userName: event.userName,
    email,
    client: event.callerContext.clientId,
    ...federatedOrigin(rules, event),
    ...(locale && { locale }),
    ...(context && { context }),
  };
}

/**
 * Where the confirmation came from. It need not be unspent: what it may make known, it does with the one code of the
 * account and from the device that registered.
 */
async function genuineContext(
  ports: RegistrationTriggerPorts,
  event: PostConfirmationTriggerEvent,
): Promise<RequestContext | undefined> {
  const reading = await ports.readContext(contextOf(event.request.clientMetadata));
  if (reading.status !== 'genuine') return undefined;
  const email = (event.request.userAttributes.email ?? '').trim().toLowerCase();
  const isTheirs = reading.context.identifier === (await ports.pseudonyms.of('identifier', email));
  return isTheirs ? reading.context : undefined;
}

/**
 * Whoever had the old password loses every session that it opened. The answer waits until the new password opens
 * sessions that count, so that nobody who signs in right after it is refused.
 */
async function passwordReset(
  ports: RegistrationTriggerPorts,
  event: PostConfirmationTriggerEvent,
): Promise<void> {
  const cutoff = cutoffAt(subOf(event), ports.clock.now());
  await ports.passwordResets.record(cutoff, await resetEvent(ports, event));
  await ports.wait(untilNewSessionsCount(cutoff, ports.clock.now()));
}

async function resetEvent(
  ports: RegistrationTriggerPorts,
  event: PostConfirmationTriggerEvent,
): Promise<AuditEvent> {
  const now = ports.clock.now();
  const context = await genuineContext(ports, event);
  const sub = subOf(event);
  return {
    v: 1,
    id: ports.eventId(now, 'password.reset', sub, context?.id ?? ''),
    type: 'password.reset',
    at: new Date(now).toISOString(),
    subject: { sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    door: context?.door ?? 'sdk',
    client: event.callerContext.clientId,
    ...(context && { network: context.network, device: context.label }),
  };
}
