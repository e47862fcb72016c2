import type { PasskeyAnswer } from '../core/challenge/answers.ts';
import { readBeginAnswer } from '../core/challenge/answers.ts';
import { chooseMethod, type Flow } from '../core/challenge/flow.ts';
import type { FlowId } from '../core/ids.ts';
import { contextMetadataKey } from '../core/risk/context.ts';
import type { Method } from '../core/risk/decision.ts';
import { assess } from './assess.ts';
import { claimAnswer, type GivenAnswer, repeatedAnswer } from './claim.ts';
import { codeHash } from './code-hash.ts';
import { decisionEvent } from './events.ts';
import { flowStart } from './flow-start.ts';
import { provePasskey } from './methods/passkey.ts';
import { belongsTo, type Person, type Presented, readContext } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface Begin {
  readonly id: FlowId;
  /** Whether the password was proven before. */
  readonly password: boolean;
}

/** The answer to `begin`: a context, the method that the client wants, or a passkey that was used already. */
export async function answerBegin(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  { id, password }: Begin,
): Promise<boolean> {
  const { context, method: asked, passkey } = readBeginAnswer(event.request.challengeAnswer);
  const method = passkey ? 'passkey' : asked;
  const opened = await services.flows.find(id, { consistent: true });
  const flow =
    opened ??
    (await openFlow(services, person, id, {
      presented: await readContext(
        services,
        context ?? event.request.clientMetadata[contextMetadataKey],
        person,
      ),
      proven: password ? ['password'] : [],
      method,
    }));
  const isSameBeginning = flow.record.context.proven.includes('password') === password;
  if (!belongsTo(flow, person) || !isSameBeginning) return false;
  if (passkey) return beginWithPasskey(services, person, flow, passkey);
  if (flow.state === 'allowed' || (flow.state === 'proven' && flow.stepUp !== undefined)) return true;
  const chosen = chooseMethod(flow, method);
  return chosen !== undefined && flow.state === 'challenged' && services.flows.begin(flow, chosen);
}

interface Opening {
  readonly presented: Presented | { readonly unknown: 'replayed' };
  readonly proven: readonly Method[];
  readonly method: Flow['method'];
}

/** Decides and stores the decision under the flow. A context that was used before is no better than none. */
async function openFlow(
  services: SignInServices,
  person: Person,
  id: FlowId,
  opening: Opening,
): Promise<Flow> {
  const { presented, proven, method } = opening;
  const assessment = await assess(services, person, presented, proven);
  const context = 'known' in presented ? presented.known : undefined;
  const started = flowStart(person, id, context, assessment);
  const start = { ...started, method: chooseMethod({ ...started, refused: [] }, method) };
  const at = assessment.record.context.now;
  const event = decisionEvent(person, context ? { ...start, context: context.id } : start, at);
  const opened = context
    ? await services.flows.openWithContext({ ...start, context: context.id }, event)
    : (await services.flows.open(start, event))
      ? 'opened'
      : 'flow-taken';
  if (opened === 'context-spent') {
    return openFlow(services, person, id, { ...opening, presented: { unknown: 'replayed' } });
  }
  const flow = await services.flows.find(id, { consistent: true });
  if (!flow) throw new Error('flow: gone straight after it was opened');
  return flow;
}

/** `begin` comes before every other round, and this is the only one that it can claim. */
const beginRound = 1;

/**
 * A passkey answered a challenge that was made before anybody said who signs in. The challenge is good for one flow, as
 * a captured answer could otherwise be played again where the authenticator has no counter.
 */
async function beginWithPasskey(
  services: SignInServices,
  person: Person,
  flow: Flow,
  { credential, challenge }: PasskeyAnswer,
): Promise<boolean> {
  const prove = async (): Promise<boolean> => {
    const made = await services.passkeyChallenges.read(challenge);
    if (!made || !(await services.flows.bind(made.id, flow))) return false;
    return provePasskey(services, person, { credential, challenge: made.challenge });
  };
  const given: GivenAnswer = {
    method: 'passkey',
    round: beginRound,
    text: credential,
    hash: await codeHash(services.pseudonyms, flow, 'passkey', 0, `${challenge}\0${credential}`),
    proveAtBegin: prove,
  };
  if (flow.round >= beginRound) return repeatedBegin(services, person, flow, given);
  const isOffered = flow.state === 'challenged' && flow.record.decision.methods.includes('passkey');
  return isOffered && (await services.flows.begin(flow, 'passkey'))
    ? claimAnswer(services, person, flow, given)
    : false;
}

/** The same `begin` again gets its result only while Cognito may be repeating the trigger. */
async function repeatedBegin(
  services: SignInServices,
  person: Person,
  { id }: Flow,
  given: GivenAnswer,
): Promise<boolean> {
  const flow = await services.flows.redeliver(id, person);
  return flow !== undefined && flow.round === beginRound && repeatedAnswer(services, person, flow, given);
}
