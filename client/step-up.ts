import type { IdentityClient } from './client.ts';
import type { ChallengeMethod } from './flow.ts';
import { driveFlow, type FlowOptions, type Listener, type Shown } from './flow-driver.ts';
import { typed } from './sign-in.ts';
import type { AnswerOf, BodyOf } from './wire.ts';

type Proof = BodyOf<'POST /v1/me/step-up'>;
type Round = BodyOf<'POST /v1/me/step-up/answer'>;
type StepUpAnswer = AnswerOf<'POST /v1/me/step-up'>;
type Done = Extract<StepUpAnswer, { readonly state: 'done' }>;

/** The session is raised: repeat what was refused with `STEP_UP_REQUIRED`. */
export interface Proven extends Pick<Done, 'level' | 'methods'> {
  readonly step: 'proven';
}

export type StepUpState = Shown<Proven>;

/** Proving again who one is, inside a session; otherwise like {@link SignIn}. */
export interface StepUp {
  readonly state: StepUpState;
  subscribe(listener: Listener<Proven>): () => void;
  /** `{ password }` is done at once; `{ method }` or `{}` leads to a challenge. */
  start(proof: Proof): Promise<StepUpState>;
  answer(code: string): Promise<StepUpState>;
  resend(): Promise<StepUpState>;
  switchMethod(method: ChallengeMethod): Promise<StepUpState>;
  credential(credential: NonNullable<Round['credential']>): Promise<StepUpState>;
  link(secret: string): Promise<StepUpState>;
  restore(): StepUpState;
  reset(): StepUpState;
}

export function createStepUp(client: IdentityClient, options: FlowOptions = {}): StepUp {
  const driver = driveFlow<Proven>('vestibule.step-up', options);
  const round = (call: Parameters<typeof driver.run>[0], body: Omit<Round, 'flow'>) =>
    driver.run(call, async (flow, signal) =>
      ended(await client.call('POST /v1/me/step-up/answer', { body: { ...body, flow }, signal })),
    );
  return {
    get state() {
      return driver.state;
    },
    subscribe: driver.subscribe,
    start: (body) =>
      driver.run({ kind: 'start' }, async (_flow, signal) =>
        ended(await client.call('POST /v1/me/step-up', { body, signal })),
      ),
    answer: (code) => round({ kind: 'answer' }, { answer: typed(code) }),
    resend: () => round({ kind: 'resend' }, { resend: true }),
    switchMethod: (method) => round({ kind: 'switch', method }, { method }),
    credential: (credential) => round({ kind: 'credential' }, { credential }),
    link: (secret) => round({ kind: 'link' }, { link: secret.replace(/^#/, '') }),
    restore: driver.restore,
    reset: driver.reset,
  };
}

function ended(answer: StepUpAnswer) {
  if (answer.state === 'challenge') return answer;
  const { level, methods } = answer;
  return { state: 'done' as const, done: { step: 'proven' as const, level, methods } };
}
