import { type Action, useAction } from '../kit/use-action.ts';
import { noticeEnd } from './session.ts';
import { StepUpCancelled } from './step-up-cancelled.ts';

/**
 * A change to one's own account: closing the question for a proof is no error, and a session that has ended shows the
 * sign-in page.
 */
export const useChange = <Given extends readonly unknown[]>(
  act: (...given: Given) => Promise<unknown>,
): Action<Given> =>
  useAction(async (...given: Given) => {
    try {
      await act(...given);
    } catch (error) {
      if (!(error instanceof StepUpCancelled) && !noticeEnd(error)) throw error;
    }
  });
