import {
  createClient,
  createCookieSession,
  createSignIn,
  createStepUp,
  IdentityProblem,
} from 'vestibule/client';

/** Yours: https://id.shop.example (not the portal's address), or '' where page and API share an origin. */
export const identity = createCookieSession(createClient({ url: 'http://localhost:4400/api' }));

/** Survives a reload: only the sealed flow and what was shown are kept. */
export const signIn = createSignIn(identity, { mode: 'cookie', storage: sessionStorage });

/**
 * Makes a call, and where the API wants a fresh proof first asks for one and makes it again; nothing was done before.
 * @param ask - shows what is asked, and resolves to what was typed
 */
export async function withProof<T>(
  call: () => Promise<T>,
  ask: (destination?: string) => Promise<string>,
): Promise<T> {
  try {
    return await call();
  } catch (problem) {
    if (!(problem instanceof IdentityProblem) || problem.code !== 'STEP_UP_REQUIRED') throw problem;
    const stepUp = createStepUp(identity);
    let state = await stepUp.start({ method: 'email-code' });
    while (state.step === 'challenge') state = await stepUp.answer(await ask(state.destination));
    if (state.step !== 'proven') throw state.problem ?? problem;
    return call();
  }
}
