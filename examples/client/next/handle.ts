import { IdentityProblem, isSessionOver, type SignInState } from 'vestibule/client';
import { type OpenVisit, visit } from './identity.ts';

/** Wraps a route handler: what the Identity API refuses becomes an answer that a page can act on. */
export const handle =
  (act: (open: OpenVisit, request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    try {
      return await act(visit(request), request);
    } catch (problem) {
      if (problem instanceof Response) return problem;
      if (isSessionOver(problem)) return Response.json({ step: 'identify' }, { status: 401 });
      if (!(problem instanceof IdentityProblem)) throw problem;
      const { code, message, status } = problem;
      return Response.json({ code, message }, { status });
    }
  };

/** What the page may see of a sign-in: never the tokens, which `signed-in` has. */
export function shown(state: SignInState): object {
  if (state.step === 'signed-in') return { step: state.step };
  if (state.step !== 'challenge') return { step: state.step, problem: state.problem?.message };
  const { step, method, methods, destination, notice } = state;
  return { step, method, methods, destination, notice };
}
