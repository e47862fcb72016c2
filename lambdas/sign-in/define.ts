import type { Flow } from '../core/challenge/flow.ts';
import { nextStep, type Progress, readSession, type Verdict } from '../core/challenge/rounds.ts';
import type { FlowId } from '../core/ids.ts';
import { contextMetadataKey, flowMetadataKey } from '../core/risk/context.ts';
import type { DecisionRecord } from '../core/risk/record.ts';
import { assess } from './assess.ts';
import { decisionEvent, flowEvent, passwordSetEvent } from './events.ts';
import { flowStart } from './flow-start.ts';
import { belongsTo, type Person, readContext, readPerson, readReference } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface DefineAnswer {
  readonly challengeName?: string;
  readonly issueTokens: boolean;
  readonly failAuthentication: boolean;
}

const fail: DefineAnswer = { issueTokens: false, failAuthentication: true };
const answers: Readonly<Record<Verdict, DefineAnswer>> = {
  issue: { issueTokens: true, failAuthentication: false },
  challenge: { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false },
  fail,
};

/** DefineAuthChallenge: matches the whole session array from its start and fails by default. */
export async function defineChallenge(services: SignInServices, event: TriggerEvent): Promise<DefineAnswer> {
  const progress = readSession(event.request.session);
  if (progress.at === 'refused') return fail;
  if (progress.at === 'password') return { ...answers.challenge, challengeName: 'PASSWORD_VERIFIER' };
  // Without a password nothing is decided before `begin` has brought a context.
  if (progress.at === 'decision' && !progress.password) return answers.challenge;
  const person = await readPerson(services, event);
  if (progress.at !== 'decision') return answers[await afterRound(services, event, person, progress)];
  if (person.mustSetPassword) {
    // Still so after a new password was set: not our Cognito.
    return progress.renewed ? fail : { ...answers.challenge, challengeName: 'NEW_PASSWORD_REQUIRED' };
  }
  if (progress.renewed) await services.outbox.put(passwordSetEvent(person, services.clock.now()));
  return answers[await afterPassword(services, event, person)];
}

/**
 * The first call that sees a context. Without a usable one, `begin` asks for it; so it does when the call names a flow,
 * as none has begun yet: PostAuthentication and PreTokenGeneration would go by that name and take this sign-in for the
 * older one.
 */
async function afterPassword(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
): Promise<Verdict> {
  const { clientMetadata } = event.request;
  const presented = await readContext(services, clientMetadata[contextMetadataKey], person);
  const namesOther = clientMetadata[flowMetadataKey] !== undefined;
  if (!('known' in presented) || !person.exists || namesOther) return 'challenge';
  const { known } = presented;
  const assessment = await assess(services, person, presented, ['password']);
  const { record } = assessment;
  const start = flowStart(person, known.id as FlowId, known, assessment);
  const isFirst = await services.flows.open(start, decisionEvent(person, start, record.context.now));
  if (start.state === 'proven') return 'fail'; // a step-up that the password was enough for: its end is read, not issued
  return isFirst ? verdictOf(record) : repeated(services, person, start.id);
}

const verdictOf = ({ decision }: Pick<DecisionRecord, 'decision'>): Verdict =>
  decision.outcome === 'allow' ? 'issue' : decision.outcome === 'challenge' ? 'challenge' : 'fail';

/**
 * The context was consumed before: Cognito repeats this trigger, or somebody uses a context again. The two events are
 * equal byte for byte, so what tells them apart is when: a repetition comes within seconds, at most twice, and before
 * the sign-in is finished (PostAuthentication writes the history). Within that the recorded decision is repeated, not
 * made again; a sign-in in parallel with the same context would have to prove the password and hit those few
 * milliseconds, and shares one flow, one event and one device with the first. Outside of it the context is spent:
 * `begin`, where it counts as replayed.
 */
async function repeated(services: SignInServices, person: Person, id: FlowId): Promise<Verdict> {
  const flow = await services.flows.redeliver(id, person);
  if (!flow || !belongsTo(flow, person)) return 'challenge';
  if (flow.stepUp !== undefined && flow.state !== 'challenged') return 'fail';
  if (flow.state === 'proven') return 'challenge';
  if (flow.state !== 'allowed') return verdictOf(flow.record);
  const { lastFlow, lastSignInAt = 0 } = await services.histories.find(person.account, { consistent: true });
  const isSpent = lastFlow === flow.id || lastSignInAt >= flow.createdAt;
  return isSpent ? 'challenge' : 'issue';
}

async function afterRound(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  progress: Extract<Progress, { flow: FlowId }>,
): Promise<Verdict> {
  const flow = await services.flows.find(progress.flow, { consistent: true });
  const isNamed = await namesFlow(services, event, person, flow);
  const verdict = isNamed ? nextStep(progress, flow, person, services.codes) : 'fail';
  const isSteppedUp = isNamed && flow?.stepUp !== undefined && flow.state === 'proven';
  if (verdict === 'fail' && flow && belongsTo(flow, person) && !isSteppedUp) {
    await recordEnd(services, person, flow, isNamed ? 'CHALLENGE_FAILED' : 'FLOW_MISMATCH');
  }
  return verdict;
}

/** A sign-in that was challenged and ends here without tokens: no answer without its event. */
async function recordEnd(
  { clock, outbox }: SignInServices,
  person: Person,
  flow: Flow,
  reason: 'CHALLENGE_FAILED' | 'FLOW_MISMATCH',
): Promise<void> {
  const event = { type: 'sign-in.refused', outcome: 'refused', reasons: [reason] } as const;
  await outbox.put(flowEvent(person, flow, clock.now(), event, 'end'));
}

/** PreTokenGeneration goes by what this call presents, so that has to be the flow of the session array. */
async function namesFlow(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  flow: Flow | undefined,
): Promise<boolean> {
  const reference = await readReference(services, event.request.clientMetadata, person);
  if (reference.kind === 'none') return true;
  if (reference.kind === 'forged' || !flow) return false;
  return reference.id === flow.id || (reference.kind === 'context' && reference.id === flow.context);
}
