import type { IdentityClient } from './client.ts';
import { driveFlow, type FlowOptions, type Shown } from './flow-driver.ts';
import { type Rounds, roundsOf } from './flow-rounds.ts';
import type { AnswerOf, BodyOf } from './wire.ts';

type Proof = BodyOf<'POST /v1/me/step-up'>;
type StepUpAnswer = AnswerOf<'POST /v1/me/step-up'>;
type Done = Extract<StepUpAnswer, { readonly state: 'done' }>;

/** The session is raised: repeat what was refused with `STEP_UP_REQUIRED`. */
export interface Proven extends Pick<Done, 'level' | 'methods'> {
  readonly step: 'proven';
}

export type StepUpState = Shown<Proven>;

/** Proving again who one is, inside a session. */
export interface StepUp extends Rounds<Proven> {
  /** `{ password }` is done at once; `{ method }` or `{}` leads to a challenge. */
  start(proof: Proof): Promise<StepUpState>;
}

export function createStepUp(client: IdentityClient, options: FlowOptions = {}): StepUp {
  const driver = driveFlow<Proven>('vestibule.step-up', options);
  const rounds = roundsOf(driver, (answers) => async (flow, signal) => {
    const body = { ...answers, flow };
    return ended(await client.call('POST /v1/me/step-up/answer', { body, signal }));
  });
  return Object.assign(rounds, {
    start: (body: Proof) =>
      driver.run({ kind: 'start' }, async (_flow, signal) =>
        ended(await client.call('POST /v1/me/step-up', { body, signal })),
      ),
  });
}

function ended(answer: StepUpAnswer) {
  if (answer.state === 'challenge') return answer;
  const { level, methods } = answer;
  return { state: 'done' as const, done: { step: 'proven' as const, level, methods } };
}
