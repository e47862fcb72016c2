import { useCallback, useRef, useState } from 'preact/hooks';
import { noticeEnd } from '../session/session.ts';
import { StepUpCancelled } from '../session/step-up-cancelled.ts';

export interface Action<Given extends readonly unknown[]> {
  readonly run: (...given: Given) => Promise<void>;
  readonly busy: boolean;
  /** Of the last run; a new run clears it. */
  readonly error: unknown;
  readonly clear: () => void;
}

/** One thing at a time: a second click while the first is under way does nothing. A session that is over
 * shows the sign-in; a proof that the person did not want to give is no error. */
export function useAction<Given extends readonly unknown[]>(
  act: (...given: Given) => Promise<unknown>,
): Action<Given> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: undefined });
  const underWay = useRef(false);
  const latest = useRef(act);
  latest.current = act;
  const run = useCallback(async (...given: Given) => {
    if (underWay.current) return;
    underWay.current = true;
    setState({ busy: true, error: undefined });
    try {
      await latest.current(...given);
      setState({ busy: false, error: undefined });
    } catch (error) {
      noticeEnd(error);
      setState({ busy: false, error: error instanceof StepUpCancelled ? undefined : error });
    } finally {
      underWay.current = false;
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, error: undefined }), []);
  return { run, ...state, clear };
}
