import { openMethods } from '../core/challenge/flow.ts';
import { challengeMetadata, readSession, roundNumber } from '../core/challenge/rounds.ts';
import type { FlowId } from '../core/ids.ts';
import { contextMetadataKey } from '../core/risk/context.ts';
import { methodRounds } from './methods/index.ts';
import { belongsTo, type Person, readContext, readPerson, readReference } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface CreateAnswer {
  readonly publicChallengeParameters: Readonly<Record<string, string>>;
  readonly privateChallengeParameters: Readonly<Record<string, string>>;
  readonly challengeMetadata: string;
}

/** CreateAuthChallenge: `begin` first, then the chosen method. */
export async function createChallenge(services: SignInServices, event: TriggerEvent): Promise<CreateAnswer> {
  if (event.request.challengeName !== 'CUSTOM_CHALLENGE') throw new Error('challenge name: not ours');
  const progress = readSession(event.request.session);
  const person = await readPerson(services, event);
  if (progress.at === 'decision') {
    return beginChallenge(await beginFlow(services, event, person), progress.password);
  }
  if (progress.at !== 'begun' && progress.at !== 'answering') throw new Error('session: no challenge is due');
  return methodChallenge(services, event, person, progress.flow);
}

/** Verify does not see the session array, so how it began goes with the private parameters. */
const beginChallenge = (flow: FlowId, password: boolean): CreateAnswer => ({
  publicChallengeParameters: { step: 'begin', flow },
  privateChallengeParameters: { step: 'begin', flow, password: `${password}` },
  challengeMetadata: challengeMetadata('begin', flow),
});

/** The flow that Define opened from the context, if its `begin` is still due; otherwise a new one, opened by Verify. */
async function beginFlow(services: SignInServices, event: TriggerEvent, person: Person): Promise<FlowId> {
  const presented = await readContext(services, event.request.clientMetadata[contextMetadataKey], person);
  if ('known' in presented) {
    const flow = await services.flows.find(presented.known.id, { consistent: true });
    const isDue = flow?.id === presented.known.id && flow.state === 'challenged' && flow.method === undefined;
    if (flow && isDue && belongsTo(flow, person)) return flow.id;
  }
  return services.random.id() as FlowId;
}

async function methodChallenge(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  id: FlowId,
): Promise<CreateAnswer> {
  const flow = await services.flows.find(id, { consistent: true });
  if (flow?.state !== 'challenged' || !flow.method || !belongsTo(flow, person)) {
    throw new Error('flow: no challenge is due');
  }
  const step = flow.method;
  const reference = await readReference(services, event.request.clientMetadata, person);
  const requester = reference.kind === 'context' ? { address: reference.context.address } : {};
  const asked = await methodRounds[step].ask(services, person, flow, requester);
  return {
    publicChallengeParameters: {
      step,
      flow: id,
      methods: JSON.stringify(openMethods(asked.flow)),
      ...asked.parameters,
    },
    privateChallengeParameters: { step, flow: id, round: `${roundNumber(event.request.session)}` },
    challengeMetadata: challengeMetadata(step, id),
  };
}
