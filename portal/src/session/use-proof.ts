import { useEffect, useState } from 'preact/hooks';
import { type AnswerOf, IdentityProblem } from '../../../client/index.ts';
import { configuration } from '../configuration.ts';
import { useAction } from '../kit/use-action.ts';
import { api } from './api.ts';
import { usePasskey } from './passkeys.ts';
import { otherWays, type ProofFacts, type Way, waysTo } from './proof.ts';
import { beginProviderSignIn } from './provider-sign-in.ts';
import { noticeEnd, refreshSession } from './session.ts';
import type { StepUpQuestion } from './step-up.tsx';

type Answer = AnswerOf<'POST /v1/me/step-up'>;
type Asked = Extract<Answer, { state: 'challenge' }>;

/** What there is to say about the last try. */
export type ProofNote = 'wrong-password' | 'wrong-code' | 'over' | 'resent' | 'one-more';

interface Screen {
  readonly facts?: ProofFacts;
  readonly way?: Way;
  /** The challenge that waits for an answer; ways that need none yet (password, a code that is still to be sent) have none. */
  readonly asked?: Asked;
  readonly note?: ProofNote;
}

/** Nothing leaves for these: the challenge begins as soon as they are on the screen. */
const beginsAtOnce = (way: Way | undefined): way is 'totp' | 'recovery-code' =>
  way === 'totp' || way === 'recovery-code';

/** The rounds of one step-up, until it is proven, closed, or the session is over. */
export function useProof({ demand, onProven, onEnd }: StepUpQuestion) {
  const [screen, setScreen] = useState<Screen>({});
  const ways = screen.facts ? waysTo(demand, screen.facts) : [];

  const show = async (next: Screen): Promise<void> => {
    setScreen(next);
    if (!beginsAtOnce(next.way) || next.asked) return;
    const { facts, note } = next;
    const answer = await api.call('POST /v1/me/step-up', { body: { method: next.way } });
    if (answer.state === 'challenge' && facts) setScreen(challenged(facts, answer, note));
  };

  const start = useAction(async () => {
    const facts = await readFacts();
    await show({ facts, way: waysTo(demand, facts)[0] ?? 'password' });
  });

  const settle = async (answer: Answer, note?: ProofNote): Promise<void> => {
    const { facts } = screen;
    if (!facts) return;
    if (answer.state === 'challenge') return setScreen(challenged(facts, answer, note));
    if (answer.level >= demand.level) return onProven();
    const raised = { ...facts, session: { methods: answer.methods, level: answer.level } };
    const [way] = waysTo(demand, raised).filter((each) => each !== screen.way);
    await show({ facts: raised, note: 'one-more', ...(way && { way }) });
  };

  const step = useAction(async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      const code = error instanceof IdentityProblem ? error.code : undefined;
      if (code === 'SIGN_IN_REJECTED' && screen.way === 'password' && !screen.asked) {
        return setScreen({ ...screen, note: 'wrong-password' });
      }
      const isOver = code === 'FLOW_REJECTED' || code === 'SESSION_REJECTED';
      // Of two step-ups at once the older one is refused in these words, too, and the session goes on.
      if (code === 'SESSION_REJECTED' && (await refreshSession()).kind === 'none') return onEnd(error);
      if (code !== 'SESSION_REJECTED' && noticeEnd(error)) return onEnd(error);
      if (!isOver) throw error;
      const { asked: _, ...rest } = screen;
      await show({ ...rest, note: 'over' });
    }
  });

  const goOn = (body: Record<string, unknown>, note?: ProofNote) =>
    step.run(async () => {
      if (!screen.asked) return;
      const { flow } = screen.asked;
      await settle(await api.call('POST /v1/me/step-up/answer', { body: { flow, ...body } }), note);
    });

  useEffect(() => void start.run(), []);

  return {
    ...screen,
    isLoading: !screen.way && start.error === undefined,
    error: start.error ?? step.error,
    busy: step.busy || start.busy,
    others: otherWays(ways, screen.way, screen.asked?.challenge.methods),
    restart: start.run,
    givePassword: (password: string) =>
      step.run(async () => settle(await api.call('POST /v1/me/step-up', { body: { password } }))),
    giveCode: (answer: string) => goOn({ answer }, 'wrong-code'),
    resend: () => goOn({ resend: true }, 'resent'),
    /** Sends the code, asks the browser for the passkey, or leaves for the provider. */
    begin: (way: Way) =>
      step.run(async () => {
        if (way === 'password') return setScreen({ ...(screen.facts && { facts: screen.facts }), way });
        const { provider } = screen.facts ?? {};
        if (way === 'provider') {
          if (provider !== undefined)
            await beginProviderSignIn(provider, location.pathname + location.search, { isProof: true });
          return;
        }
        const answer = await api.call('POST /v1/me/step-up', { body: { method: way } });
        if (answer.state !== 'challenge' || answer.challenge.method !== 'passkey') return settle(answer);
        const credential = await usePasskey(answer.challenge.options);
        const { flow } = answer;
        const body = { flow, credential: credential as never };
        await settle(await api.call('POST /v1/me/step-up/answer', { body }), 'over');
      }),
  };
}

const challenged = (facts: ProofFacts, asked: Asked, note: ProofNote | undefined): Screen => ({
  facts,
  asked,
  way: asked.challenge.method as Way,
  ...(note && { note }),
});

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
