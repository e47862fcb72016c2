import { derivedEventId } from '../../adapters/event-ids.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import type { FlowId, Sub } from '../../core/ids.ts';
import { cognitoOf, keyOfHandle, type RefreshHandle, type SessionServices } from './services.ts';

/** Why a session ends that its owner did not end here. */
export type EndReason =
  | 'ENDED_BEFORE'
  | 'EXPIRED'
  | 'IDLE'
  | 'NEW_SIGN_IN'
  | 'PASSWORD_RESET'
  | 'REFRESH_TOKEN_REUSED';

/** Access tokens die at their next use, then the family of refresh tokens; both can be repeated. */
export async function endSession(
  services: Pick<SessionServices, 'cognito' | 'providerSessions' | 'states' | 'clock' | 'clientId'>,
  handle: RefreshHandle,
  reasons: readonly EndReason[],
): Promise<void> {
  const { states, clock, clientId } = services;
  const key = keyOfHandle(handle);
  const now = clock.now();
  if (key) await states.end(key, sessionEvent(handle, { type: 'session.ended', reasons, now, clientId }));
  await cognitoOf(services, handle).revoke(handle.token);
}

/** A copy of a refresh token or cookie came back that had been replaced: an event of its own, then the end of the family. */
export async function endReused(
  services: Pick<
    SessionServices,
    'cognito' | 'providerSessions' | 'states' | 'clock' | 'clientId' | 'outbox'
  >,
  handle: RefreshHandle,
): Promise<void> {
  const { clock, clientId, outbox } = services;
  const reasons = ['REFRESH_TOKEN_REUSED'] as const;
  await outbox.put(
    sessionEvent(handle, { type: 'session.refresh-reused', reasons, now: clock.now(), clientId }),
  );
  await endSession(services, handle, reasons);
}

function sessionEvent(
  handle: RefreshHandle,
  {
    type,
    reasons,
    now,
    clientId,
  }: Pick<AuditEvent, 'type' | 'reasons'> & { readonly now: number; readonly clientId: string },
): AuditEvent {
  const flow = handle.assurance?.flow;
  return {
    v: 1,
    id: derivedEventId(now, keyOfHandle(handle), type),
    type,
    at: new Date(now).toISOString(),
    subject: { sub: handle.sub as Sub },
    actor: reasons.length > 0 ? 'system' : 'self',
    outcome: type === 'session.ended' ? 'success' : 'refused',
    reasons,
    door: 'api',
    client: handle.client ?? clientId,
    ...(flow && { flow: flow as FlowId }),
  };
}
