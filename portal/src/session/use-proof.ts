import { useEffect, useState } from 'preact/hooks';
import {
  createStepUp,
  IdentityProblem,
  type NetworkFailure,
  type StepUpState,
} from '../../../client/index.ts';
import { configuration } from '../configuration.ts';
import { useAction } from '../kit/use-action.ts';
import { api } from './api.ts';
import { usePasskey } from './passkeys.ts';
import { otherWays, type ProofFacts, type Way, waysTo } from './proof.ts';
import { beginProviderSignIn } from './provider-sign-in.ts';
import { noticeEnd, refreshSession } from './session.ts';
import type { StepUpQuestion } from './step-up.tsx';

/** What there is to say about the last try. */
export type ProofNote = 'wrong-password' | 'wrong-code' | 'over' | 'resent' | 'one-more';

interface Screen {
  readonly facts?: ProofFacts;
  readonly way?: Way;
  readonly note?: ProofNote;
}

/** Nothing leaves for these: the challenge begins as soon as they are on the screen. */
const beginsAtOnce = (way: Way | undefined): way is 'totp' | 'recovery-code' =>
  way === 'totp' || way === 'recovery-code';

/** The way through one step-up, until it is proven, closed, or the session is over; its rounds are the client's. */
export function useProof({ demand, onProven, onEnd }: StepUpQuestion) {
  const [stepUp] = useState(() => createStepUp(api));
  const [state, setState] = useState(stepUp.state);
  const [screen, setScreen] = useState<Screen>({});
  const ways = screen.facts ? waysTo(demand, screen.facts) : [];
  // A code waits for its answer; a passkey is asked for by the browser, before anything else is shown.
  const asked = state.step === 'challenge' && state.method !== 'passkey' ? state : undefined;

  useEffect(() => {
    const unsubscribe = stepUp.subscribe(setState);
    return () => {
      unsubscribe();
      stepUp.reset();
    };
  }, []);

  const show = async (next: Screen): Promise<void> => {
    stepUp.reset();
    setScreen(next);
    if (!beginsAtOnce(next.way)) return;
    const problem = problemOf(await stepUp.start({ method: next.way }));
    if (problem) throw problem;
  };

  const start = useAction(async () => {
    const facts = await readFacts();
    await show({ facts, way: waysTo(demand, facts)[0] ?? 'password' });
  });

  const settle = async (after: StepUpState, note?: ProofNote): Promise<void> => {
    const { facts } = screen;
    const problem = problemOf(after);
    if (problem) return fail(after, problem);
    if (after.step === 'challenge')
      return setScreen({ ...(facts && { facts }), way: after.method as Way, ...(note && { note }) });
    if (after.step !== 'proven' || !facts) return;
    if (after.level >= demand.level) return onProven();
    const raised = { ...facts, session: { methods: after.methods, level: after.level } };
    const [way] = waysTo(demand, raised).filter((each) => each !== screen.way);
    await show({ facts: raised, note: 'one-more', ...(way && { way }) });
  };

  const fail = async (after: StepUpState, problem: IdentityProblem | NetworkFailure): Promise<void> => {
    const code = problem instanceof IdentityProblem ? problem.code : undefined;
    if (code === 'SIGN_IN_REJECTED' && after.step === 'identify' && screen.way === 'password')
      return setScreen({ ...screen, note: 'wrong-password' });
    // Of two step-ups at once the older one is refused in these words, too, and the session goes on.
    if (code === 'SESSION_REJECTED' && (await refreshSession()).kind === 'none') return onEnd(problem);
    if (code !== 'SESSION_REJECTED' && noticeEnd(problem)) return onEnd(problem);
    if (code === 'FLOW_REJECTED' || code === 'SESSION_REJECTED') return show({ ...screen, note: 'over' });
    if (after.step === 'refused') stepUp.reset();
    throw problem;
  };

  const step = useAction(async (act: () => Promise<void>) => act());

  useEffect(() => void start.run(), []);

  return {
    ...screen,
    ...(asked && { asked }),
    note: noticed(asked?.notice) ?? screen.note,
    isLoading: !screen.way && start.error === undefined,
    error: start.error ?? step.error,
    busy: step.busy || start.busy,
    others: otherWays(ways, screen.way, asked?.methods),
    restart: start.run,
    givePassword: (password: string) => step.run(async () => settle(await stepUp.start({ password }))),
    giveCode: (answer: string) => step.run(async () => settle(await stepUp.answer(answer))),
    resend: () => step.run(async () => settle(await stepUp.resend())),
    /** Sends the code, asks the browser for the passkey, or leaves for the provider. */
    begin: (way: Way) =>
      step.run(async () => {
        if (way === 'password') return show({ ...(screen.facts && { facts: screen.facts }), way });
        const { provider } = screen.facts ?? {};
        if (way === 'provider') {
          if (provider !== undefined)
            await beginProviderSignIn(provider, location.pathname + location.search, { isProof: true });
          return;
        }
        // What the browser was asked for before and nobody gave is begun anew.
        if (!asked) stepUp.reset();
        const after = await (asked ? stepUp.switchMethod(way) : stepUp.start({ method: way }));
        if (after.step !== 'challenge' || after.method !== 'passkey' || problemOf(after))
          return settle(after);
        setScreen({ ...(screen.facts && { facts: screen.facts }), way });
        await settle(await stepUp.credential((await usePasskey(after.options)) as never), 'over');
      }),
  };
}

const problemOf = (state: StepUpState): IdentityProblem | NetworkFailure | undefined =>
  'problem' in state ? state.problem : undefined;

const noticed = (notice: 'rejected' | 'resent' | undefined): ProofNote | undefined =>
  notice === 'rejected' ? 'wrong-code' : notice;

async function readFacts(): Promise<ProofFacts> {
  const [{ sessions }, factors, provider] = await Promise.all([
    api.call('GET /v1/me/sessions'),
    api.call('GET /v1/me/factors'),
    ownProvider(),
  ]);
  const session = sessions.find(({ current }) => current) ?? { methods: [], level: 1 as const };
  return { session, factors, ...(provider !== undefined && { provider }) };
}

/** The provider from which the account came, if it did and is still offered. */
async function ownProvider(): Promise<string | undefined> {
  const { providers } = configuration.value;
  if (providers.length === 0) return undefined;
  const { links } = await api.call('GET /v1/me/links');
  const own = links.find(({ removable }) => !removable)?.provider;
  return providers.find(({ name }) => name === own)?.name;
}

export type Proof = ReturnType<typeof useProof>;
