import { derivedEventId } from '../adapters/event-ids.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { type Flow, isFinal } from '../core/challenge/flow.ts';
import type { FlowId, Pseudonym } from '../core/ids.ts';
import { remember, type SignInHistory, standingOf } from '../core/risk/history.ts';
import { belongsTo, type FlowReference, type Person, readPerson, readReference } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** What is recorded about a finished sign-in. */
interface Facts {
  /** Names the sign-in: a retried trigger records nothing twice. */
  readonly flow: string;
  /** Epoch milliseconds that a retry shares. */
  readonly begunAt: number;
  readonly device?: Pseudonym;
  readonly network?: Pseudonym;
  readonly label?: string;
  readonly door?: 'api' | 'sdk';
  /** What the decision saw; unknown on the fast path, which reads no flow. */
  readonly reasons?: readonly string[];
  /** What `enforce` would have done, where the mode let it pass. */
  readonly enforced?: string;
}

/** Lost races of one person's parallel sign-ins before the sign-in is refused. */
const maxRaces = 5;

/**
 * PostAuthentication: records the sign-in and its event in one write, before any token exists. When it cannot, the
 * sign-in fails: no answer without its event.
 *
 * A device and network that are both known cost one write and no read. Everything else reads the flow: only one that
 * was allowed or proven by our rounds may teach us a device, whatever other way of signing in a client has enabled.
 */
export async function recordSignIn(services: SignInServices, event: TriggerEvent): Promise<void> {
  const person = await readPerson(services, event);
  const reference = await readReference(services, event.request.clientMetadata, person);
  if (await touched(services, person, reference)) return;
  const facts = await readFacts(services, person, reference);
  // What the fast path recorded goes by the context, also where that joined a flow of another id.
  const names = [facts.flow, ...(reference.kind === 'context' ? [reference.id] : [])];
  for (let race = 0; race < maxRaces; race += 1) {
    const read = await services.histories.find(person.account, { consistent: true });
    if (read.lastFlow !== undefined && names.includes(read.lastFlow)) return;
    const now = services.clock.now();
    const isNew = standingOf(read.devices, facts.device) !== 'known';
    const audit = succeeded(person, facts, now, isNew);
    if (await services.histories.replace(person.account, read, nextHistory(read, facts, now), audit)) return;
  }
  throw new Error('history: changed by parallel sign-ins again and again');
}

async function touched(services: SignInServices, person: Person, reference: FlowReference): Promise<boolean> {
  if (reference.kind !== 'context' || !reference.context.device) return false;
  const { id, context } = reference;
  const facts: Facts = {
    flow: id,
    begunAt: context.issuedAt * 1000,
    device: context.device,
    network: context.network,
    label: context.label,
    door: context.door,
  };
  return services.histories.touch(person.account, {
    device: reference.context.device,
    network: context.network,
    flow: id,
    event: succeeded(person, facts, services.clock.now(), false),
  });
}

async function readFacts(services: SignInServices, person: Person, reference: FlowReference): Promise<Facts> {
  const flow = 'id' in reference ? await services.flows.find(reference.id, { consistent: true }) : undefined;
  if (flow && isFinal(flow) && belongsTo(flow, person)) {
    return flowFacts(flow, reference.kind === 'context' ? reference.context.issuedAt * 1000 : flow.createdAt);
  }
  // Nothing is learned about a device. Without a name a retry cannot be told apart: its event may come twice.
  return { flow: services.random.id(), begunAt: services.clock.now() };
}

function flowFacts(flow: Flow, begunAt: number): Facts {
  const { decision, context } = flow.record;
  const { request } = context;
  return {
    flow: flow.id,
    begunAt,
    door: flow.door,
    reasons: decision.reasons.map(({ code }) => code),
    ...(decision.outcome !== decision.enforcedOutcome && { enforced: decision.enforcedOutcome }),
    ...(flow.label && { label: flow.label }),
    ...(request.context === 'known' && { network: request.network, device: request.device }),
  };
}

function nextHistory(read: SignInHistory, facts: Facts, now: number): SignInHistory {
  const seconds = Math.floor(now / 1000);
  return {
    ...read,
    devices: remember(read.devices, facts.device, seconds),
    networks: remember(read.networks, facts.network, seconds),
    lastSignInAt: now,
    lastFlow: facts.flow,
  };
}

const succeeded = (person: Person, facts: Facts, now: number, newDevice: boolean): AuditEvent => ({
  v: 1,
  id: derivedEventId(facts.begunAt, facts.flow, 'sign-in.succeeded'),
  type: 'sign-in.succeeded',
  at: new Date(now).toISOString(),
  subject: person.subject,
  actor: 'self',
  outcome: 'success',
  reasons: facts.reasons ?? [],
  flow: facts.flow as FlowId,
  client: person.client,
  ...(facts.door && { door: facts.door }),
  ...(facts.network && { network: facts.network }),
  ...(facts.label && { device: facts.label }),
  data: { newDevice, ...(facts.enforced && { enforced: facts.enforced }) },
});
