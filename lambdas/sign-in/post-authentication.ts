import { derivedEventId } from '../adapters/event-ids.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { type Flow, isFinal } from '../core/challenge/flow.ts';
import type { FlowId, Pseudonym } from '../core/ids.ts';
import { contextMetadataKey, type RequestContext } from '../core/risk/context.ts';
import type { Method } from '../core/risk/decision.ts';
import { remember, type SignInHistory, standingOf } from '../core/risk/history.ts';
import { levelOf } from '../core/session/assurance.ts';
import { belongsTo, type FlowReference, type Person, readPerson, readReference } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** What is recorded about a finished sign-in. */
interface Facts {
  /** Names the sign-in: a retried trigger records nothing twice. */
  readonly flow: string;
  /** Epoch milliseconds that a retry shares. */
  readonly begunAt: number;
  /** Device that brought the sign-in. */
  readonly device?: Pseudonym;
  /** Device that is known from now on, if any: the one that was brought, or the token that took its place. */
  readonly learns?: Pseudonym;
  readonly network?: Pseudonym;
  /** What was proven; on the fast path that is the password. Absent where no flow of ours decided. */
  readonly methods?: readonly Method[];
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
  const facts = await readFacts(services, event, person, reference);
  // What the fast path recorded goes by the context, also where that joined a flow of another id.
  const names = [facts.flow, ...(reference.kind === 'context' ? [reference.id] : [])];
  for (let race = 0; race < maxRaces; race += 1) {
    const read = await services.histories.find(person.account, { consistent: true });
    if (read.lastFlow !== undefined && names.includes(read.lastFlow)) return;
    const now = services.clock.now();
    const isKnown = standingOf(read.devices, facts.device) === 'known';
    const complete = isKnown && facts.learns === undefined ? { ...facts, learns: facts.device } : facts;
    const isFirst = read.lastSignInAt === undefined;
    const audit = succeeded(person, complete, now, { newDevice: !isKnown, ...(isFirst && { first: true }) });
    if (await services.histories.replace(person.account, read, nextHistory(read, complete, now), audit))
      return;
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
    learns: context.device,
    network: context.network,
    label: context.label,
    door: context.door,
    methods: ['password'],
  };
  return services.histories.touch(person.account, {
    device: reference.context.device,
    network: context.network,
    flow: id,
    event: succeeded(person, facts, services.clock.now(), { newDevice: false }),
  });
}

async function readFacts(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  reference: FlowReference,
): Promise<Facts> {
  const flow = 'id' in reference ? await services.flows.find(reference.id, { consistent: true }) : undefined;
  if (flow && isFinal(flow) && belongsTo(flow, person)) {
    const context = await contextOf(services, event, flow);
    return flowFacts(flow, {
      begunAt: reference.kind === 'context' ? reference.context.issuedAt * 1000 : flow.createdAt,
      nextDevice: context?.nextDevice,
    });
  }
  // Nothing is learned about a device. Without a name a retry cannot be told apart: its event may come twice.
  return { flow: services.random.id(), begunAt: services.clock.now() };
}

/** The context that this very flow began with, if the call still shows it. */
async function contextOf(
  { contexts }: Pick<SignInServices, 'contexts'>,
  { request }: TriggerEvent,
  flow: Flow,
): Promise<RequestContext | undefined> {
  const reading = await contexts.read(request.clientMetadata[contextMetadataKey], 'sign-in');
  if (!('context' in reading)) return undefined;
  const { context } = reading;
  return context.id === flow.id || context.id === flow.context ? context : undefined;
}

function flowFacts(
  flow: Flow,
  { begunAt, nextDevice }: { readonly begunAt: number; readonly nextDevice: Pseudonym | undefined },
): Facts {
  const { decision, context } = flow.record;
  const { request } = context;
  return {
    flow: flow.id,
    begunAt,
    door: flow.door,
    methods: flow.proven,
    reasons: decision.reasons.map(({ code }) => code),
    ...(decision.outcome !== decision.enforcedOutcome && { enforced: decision.enforcedOutcome }),
    ...(flow.label && { label: flow.label }),
    ...(request.context === 'known' && { network: request.network, device: request.device }),
    ...learned(flow, nextDevice),
  };
}

/**
 * A token that was brought may have been planted: it is never learned. After a passed challenge the next one takes its
 * place; without one only a token that was minted for this very sign-in (it is its own next) is learned.
 */
const learned = (
  { state, record: { context } }: Pick<Flow, 'state' | 'record'>,
  nextDevice: Pseudonym | undefined,
): Pick<Facts, 'learns'> => {
  const { request } = context;
  const isMinted = request.context === 'known' && request.device === nextDevice;
  return nextDevice !== undefined && (state === 'proven' || isMinted) ? { learns: nextDevice } : {};
};

/** Without the token that another one has replaced. */
const devicesAfter = (read: SignInHistory, { device, learns }: Facts, seconds: number) => {
  const kept = Object.entries(read.devices).filter(([token]) => token !== device || learns === device);
  return remember(learns === undefined ? read.devices : Object.fromEntries(kept), learns, seconds);
};

function nextHistory(read: SignInHistory, facts: Facts, now: number): SignInHistory {
  const seconds = Math.floor(now / 1000);
  return {
    ...read,
    devices: devicesAfter(read, facts, seconds),
    networks: remember(read.networks, facts.network, seconds),
    lastSignInAt: now,
    lastFlow: facts.flow,
  };
}

/** `first`: the history knows of none before. */
interface Novelty {
  readonly newDevice: boolean;
  readonly first?: true;
}

const succeeded = (person: Person, facts: Facts, now: number, novelty: Novelty): AuditEvent => ({
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
  data: {
    ...novelty,
    ...(facts.methods && { methods: facts.methods, level: levelOf(facts.methods) }),
    ...(facts.learns && { deviceId: facts.learns }),
    ...(facts.learns && facts.device && facts.learns !== facts.device && { formerDeviceId: facts.device }),
    ...(facts.enforced && { enforced: facts.enforced }),
  },
});
