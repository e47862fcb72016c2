import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { IdentityProblem, NetworkFailure } from '../../../client/index.ts';
import { withText } from '../text/text.ts';
import type { Demand } from './proof.ts';
import { StepUpCancelled } from './step-up-cancelled.ts';

export interface StepUpQuestion {
  readonly demand: Demand;
  readonly onProven: () => void;
  /** Without an error the person closed the dialog. */
  readonly onEnd: (error?: unknown) => void;
}

interface OpenQuestion extends StepUpQuestion {
  readonly Dialog: FunctionComponent<StepUpQuestion>;
}

const shown = signal<OpenQuestion | undefined>(undefined);
/** However many calls wait for an answer, there is one question. */
let open: Promise<void> | undefined;

/** A proof that was given and still is not enough would ask for ever. */
const maxProofs = 3;

/**
 * Makes a call that may need a fresh proof: a dialog asks for it, then the call is made again.
 * @throws StepUpCancelled when the dialog was closed; else what the call throws
 */
export async function withStepUp<T>(call: () => Promise<T>): Promise<T> {
  for (let proofs = 0; ; proofs += 1) {
    try {
      return await call();
    } catch (error) {
      const isAsked = error instanceof IdentityProblem && error.code === 'STEP_UP_REQUIRED';
      if (!isAsked || proofs === maxProofs) throw error;
      open ??= ask(error.stepUp ?? { level: 1, maxAgeSeconds: 600 }).finally(() => {
        open = undefined;
      });
      // A call that wants more than the question on the screen asks for the rest at its next attempt.
      await open;
    }
  }
}

async function ask(demand: Demand): Promise<void> {
  const { StepUpDialog } = await withText(['security'], () => import('./step-up-dialog.tsx')).catch(
    (error: unknown) => {
      throw new NetworkFailure(error);
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      shown.value = {
        Dialog: StepUpDialog,
        demand,
        onProven: resolve,
        onEnd: (error = new StepUpCancelled()) => reject(error),
      };
    });
  } finally {
    shown.value = undefined;
  }
}

/** Where the dialog appears; once, beside the pages. */
export function StepUpHost() {
  if (!shown.value) return null;
  const { Dialog, ...question } = shown.value;
  return <Dialog {...question} />;
}
