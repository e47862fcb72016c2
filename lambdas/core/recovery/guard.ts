import type { AuditEvent } from '../audit/event.ts';
import { cancelByProof, type RecoveryPorts } from './recover.ts';

const proofs: ReadonlySet<string> = new Set(['sign-in.succeeded', 'session.stepped-up']);

/**
 * Ends a recovery when its owner proves that nothing was lost: an event of a sign-in, or of a step-up, that reached
 * level 2, which mailbox and password never reach. Deliveries may be late and repeated: it goes by the event's time.
 */
export async function guardRecovery(
  ports: Pick<RecoveryPorts, 'recoveries' | 'clock' | 'random'>,
  event: AuditEvent,
): Promise<boolean> {
  const isProof = proofs.has(event.type) && event.outcome === 'success' && event.data?.level === 2;
  if (!isProof || !('sub' in event.subject)) return false;
  return cancelByProof(ports, event.subject.sub, Date.parse(event.at));
}
