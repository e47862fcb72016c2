import { describe, expect, it } from 'vitest';
import type { IdentityClient } from '../../../client/client.ts';
import type { FlowStorage } from '../../../client/flow-storage.ts';
import { IdentityProblem } from '../../../client/problem.ts';
import { createSignIn, type SignInOptions } from '../../../client/sign-in.ts';
import { createStepUp } from '../../../client/step-up.ts';

const NOW = Date.UTC(2026, 10, 22);
const ada = { identifier: 'ada@example.com', password: 'four words are plenty' };
const challenge = {
  state: 'challenge',
  flow: 'sealed-1',
  challenge: {
    method: 'email-code',
    methods: ['email-code', 'recovery-code'],
    destination: 'a***@e***.com',
    codeLength: 8,
    expiresInSeconds: 600,
    resendsLeft: 3,
  },
};
const cookie = { state: 'signed-in', mode: 'cookie', csrf: 'c', level: 1, idleSeconds: 60 };

interface Call {
  readonly route: string;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal;
  readonly answer: (value: object) => void;
  readonly refuse: (problem: Error) => void;
}

/** An API that answers when the test says so. */
function heldApi() {
  const calls: Call[] = [];
  const call = (route: string, { body, signal }: Pick<Call, 'body' | 'signal'>) =>
    new Promise<object>((answer, refuse) => calls.push({ route, body, signal, answer, refuse }));
  const last = (): Call => {
    const latest = calls.at(-1);
    if (!latest) throw new Error('nothing was called');
    return latest;
  };
  return { client: { call } as unknown as IdentityClient, calls, last };
}

function memory(): FlowStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function begin(options: Partial<SignInOptions> = {}) {
  const api = heldApi();
  return { ...api, signIn: createSignIn(api.client, { mode: 'cookie', now: () => NOW, ...options }) };
}

async function challenged(options: Partial<SignInOptions> = {}) {
  const begun = begin(options);
  const started = begun.signIn.start(ada);
  begun.last().answer(challenge);
  await started;
  return begun;
}

describe('createSignIn', () => {
  it('tells listeners of every change, and stops when they leave', async () => {
    const { signIn, last } = begin();
    const seen: string[] = [];
    const leave = signIn.subscribe(({ step, busy }) => seen.push(`${step}${busy ? ' busy' : ''}`));
    const started = signIn.start(ada);
    last().answer(challenge);
    await started;
    leave();
    signIn.reset();
    expect(seen).toEqual(['identify busy', 'challenge']);
  });

  it('sends one request for a double click', async () => {
    const { signIn, calls, last } = await challenged();
    const [first, second] = [signIn.answer('1234 5678'), signIn.answer('1234 5678')];
    expect(await second).toMatchObject({ step: 'challenge', busy: true });
    last().answer(cookie);
    expect(await first).toMatchObject({ step: 'signed-in', session: { level: 1 }, busy: false });
    expect(calls.slice(1).map(({ body }) => body)).toEqual([{ flow: 'sealed-1', answer: '12345678' }]);
  });

  it('ignores the late answer of an abandoned sign-in, and gives its request up', async () => {
    const { signIn, last } = await challenged();
    const answered = signIn.answer('12345678');
    signIn.reset();
    expect(last().signal.aborted).toBe(true);
    last().answer(cookie);
    expect(await answered).toEqual({ step: 'identify', busy: false });
  });

  it('keeps the newest sealed flow', async () => {
    const { signIn, last } = await challenged();
    const wrong = signIn.answer('00000000');
    last().answer({ ...challenge, flow: 'sealed-2' });
    expect(await wrong).toMatchObject({ notice: 'rejected', flow: 'sealed-2' });
    void signIn.switchMethod('recovery-code');
    expect(last().body).toEqual({ flow: 'sealed-2', method: 'recovery-code' });
  });

  it('passes a fault of the program on and takes calls again', async () => {
    const { signIn, last } = await challenged();
    const answered = signIn.answer('12345678');
    last().refuse(new TypeError('a bug'));
    await expect(answered).rejects.toThrow('a bug');
    expect(signIn.state).toMatchObject({ step: 'challenge', busy: false });
  });

  it('goes on after a reload, without a password, code or token in the storage', async () => {
    const storage = memory();
    const { signIn, last } = await challenged({ storage });
    const text = JSON.stringify([...storage.kept]);
    expect(text).toContain('sealed-1');
    expect(text).not.toContain(ada.password);
    expect(text).not.toContain(ada.identifier);
    const reloaded = begin({ storage });
    expect(reloaded.signIn.restore()).toMatchObject({ step: 'challenge', expiresAt: NOW + 600_000 });
    const answered = signIn.answer('12345678');
    last().answer({ state: 'signed-in', accessToken: 'secret', refreshToken: 'secret' });
    await answered;
    expect(storage.kept.size).toBe(0);
  });

  it.each([
    { what: 'when its time is over', change: (text: string) => text, later: 600_000 },
    {
      what: 'of another version',
      change: (text: string) => text.replace('"version":1', '"version":2'),
      later: 0,
    },
    { what: 'that is not ours', change: () => 'not JSON', later: 0 },
  ])('drops what was saved $what', async ({ change, later }) => {
    const storage = memory();
    await challenged({ storage });
    for (const [key, text] of storage.kept) storage.kept.set(key, change(text));
    const reloaded = begin({ storage, now: () => NOW + later });
    expect(reloaded.signIn.restore()).toEqual({ step: 'identify', busy: false });
    expect(storage.kept.size).toBe(0);
  });

  it('clears the storage when the flow is over', async () => {
    const storage = memory();
    const { signIn, last } = await challenged({ storage });
    const answered = signIn.answer('12345678');
    last().refuse(new IdentityProblem(401, { code: 'FLOW_REJECTED' }));
    expect(await answered).toMatchObject({ step: 'expired' });
    expect(storage.kept.size).toBe(0);
  });
});

describe('createStepUp', () => {
  it('is done at once with a password, or after a challenge', async () => {
    const { client, last } = heldApi();
    const stepUp = createStepUp(client);
    const started = stepUp.start({ method: 'email-code' });
    expect(last().route).toBe('POST /v1/me/step-up');
    last().answer(challenge);
    expect(await started).toMatchObject({ step: 'challenge' });
    const answered = stepUp.answer('12345678');
    expect(last()).toMatchObject({
      route: 'POST /v1/me/step-up/answer',
      body: { flow: 'sealed-1', answer: '12345678' },
    });
    last().answer({ state: 'done', level: 2, methods: ['password', 'email-code'] });
    expect(await answered).toEqual({
      step: 'proven',
      level: 2,
      methods: ['password', 'email-code'],
      busy: false,
    });
  });
});
