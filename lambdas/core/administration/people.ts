import type { AuditOutbox, Clock, Random } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import { CiamError } from '../errors.ts';
import type { Sub } from '../ids.ts';
import { isErasureReason } from '../privacy/erasure.ts';
import type { Recoveries } from '../recovery/ports.ts';
import { requestedEvent, startRecovery } from '../recovery/recover.ts';
import type { Recovery, RecoveryPolicy } from '../recovery/recovery.ts';
import { cutoffAt } from '../session/cutoff.ts';
import { unknownAccount } from './find-person.ts';
import { type OperatorRequest, operatorEvent } from './operator-event.ts';
import type { OperatorAccounts, OperatorDirectory, PoolAccount } from './ports.ts';

export interface PeoplePorts {
  readonly directory: OperatorDirectory;
  readonly accounts: OperatorAccounts;
  readonly recoveries: Recoveries;
  /** For acts that found their work done: they are told all the same. */
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id' | 'ulid' | 'digits'>;
}

/** An operator acts on a `sub` and on nothing else that the pool takes for a name. @throws CiamError `ACCOUNT_UNKNOWN` */
export async function personOf(
  { directory }: Pick<PeoplePorts, 'directory'>,
  sub: Sub,
): Promise<PoolAccount> {
  const account = await directory.find(sub);
  if (account?.sub !== sub) throw unknownAccount();
  return account;
}

/** The person of an act, who is not locked: what is asked for would come to nothing. @throws CiamError `ACCOUNT_LOCKED` */
async function openPerson(ports: PeoplePorts, sub: Sub): Promise<PoolAccount> {
  const [account, { lock }] = await Promise.all([personOf(ports, sub), ports.accounts.read(sub)]);
  if (lock || !account.enabled)
    throw new CiamError('ACCOUNT_LOCKED', 'The account is locked; unlock it first, if that is right.');
  return account;
}

/** Whether the act changed something, or found its work done. */
export interface Done {
  readonly already: boolean;
}

/**
 * Our own tables first: from then on no token is given and none is accepted. Then the user pool, so that no door is
 * left. Repeating it after a fault completes it; a lock that stands keeps its reason.
 */
export async function lockAccount(
  ports: PeoplePorts,
  request: OperatorRequest,
  sub: Sub,
  note: string | undefined,
): Promise<Done> {
  const { userName } = await personOf(ports, sub);
  const { operator: by, reason, now } = request;
  const lock = { reason, by, at: new Date(now).toISOString(), ...(note !== undefined && { note }) };
  const event = operatorEvent(request, ports.random.ulid(now), 'account.locked', sub);
  const isNew = await ports.accounts.lock(sub, lock, cutoffAt(sub, now), event);
  if (!isNew) await ports.outbox.put({ ...event, reasons: ['LOCKED_ALREADY'] });
  await ports.directory.disable(userName);
  await ports.directory.endSessions(userName);
  return { already: !isNew };
}

/** The user pool first: as long as the lock stands in our tables the account stays closed, whatever fails here. */
export async function unlockAccount(ports: PeoplePorts, request: OperatorRequest, sub: Sub): Promise<Done> {
  const { userName, enabled } = await personOf(ports, sub);
  const { lock } = await ports.accounts.read(sub);
  if (isErasureReason(lock?.reason))
    throw new CiamError('ERASURE_UNDER_WAY', 'The person has this account erased; nobody can open it again.');
  await ports.directory.enable(userName);
  const { now } = request;
  const event = operatorEvent(request, ports.random.ulid(now), 'account.unlocked', sub);
  const stood = await ports.accounts.unlock(sub, event);
  // Somebody closed it in the pool alone, and it is open now.
  if (!stood) await ports.outbox.put({ ...event, reasons: ['NO_LOCK'] });
  return { already: !stood && enabled };
}

/** Cognito's words for an account with a password that somebody chose. */
const withOwnPassword = ['CONFIRMED', 'RESET_REQUIRED'];

/**
 * Sessions end with the event, before the mail: repeating it after a fault sends another code.
 * @throws CiamError `METHOD_UNAVAILABLE` when there is no password of the person's own, before anything is done
 */
export async function forceReset(ports: PeoplePorts, request: OperatorRequest, sub: Sub): Promise<void> {
  const { userName, status } = await openPerson(ports, sub);
  if (!withOwnPassword.includes(status))
    throw new CiamError('METHOD_UNAVAILABLE', 'The person has no password that could be reset.');
  const { now } = request;
  const event = operatorEvent(request, ports.random.ulid(now), 'account.reset-forced', sub);
  await ports.accounts.endSessions(cutoffAt(sub, now), event, { forget: true });
  await ports.directory.forceReset(userName);
  await ports.directory.endSessions(userName);
}

export async function endAllSessions(ports: PeoplePorts, request: OperatorRequest, sub: Sub): Promise<void> {
  const { userName } = await personOf(ports, sub);
  const { now } = request;
  const data = { all: true, notice: true };
  const event = operatorEvent(request, ports.random.ulid(now), 'session.ended', sub, data);
  await ports.accounts.endSessions(cutoffAt(sub, now), event, { forget: false });
  await ports.directory.endSessions(userName);
}

/** The same waiting time and notices as for the person. `undefined`: there is no further factor to remove. */
export async function startRecoveryFor(
  ports: PeoplePorts,
  policy: RecoveryPolicy,
  request: OperatorRequest,
  sub: Sub,
): Promise<Recovery | undefined> {
  await openPerson(ports, sub);
  const seen = (data: AuditEvent['data']) =>
    ports.outbox.put(operatorEvent(request, ports.random.ulid(request.now), 'account.looked-up', sub, data));
  if (!(await ports.recoveries.hasFactors(sub))) {
    await seen({ recovery: 'not-needed' });
    return undefined;
  }
  let begun: string | undefined;
  const recovery = await startRecovery(ports, policy, { sub, by: 'operator' }, (started) => {
    begun = started.id;
    const { data, ...event } = requestedEvent(ports, started);
    return { ...event, data: { ...data, operator: request.operator, reason: request.reason } };
  });
  // One was under way: nothing is written about it, and the operator was told when it will be ready.
  if (recovery.id !== begun) await seen({ recovery: recovery.id });
  return recovery;
}
