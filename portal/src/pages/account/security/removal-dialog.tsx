import { withStepUp } from '../../../session/step-up.tsx';
import { text } from '../../../text/text.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { type Factors, isLastFactor, losesCodes } from './factors.ts';

export interface RemovalDialogProps {
  readonly title: string;
  /** What it means that this one is gone. */
  readonly means: string;
  /** As they are before. */
  readonly factors: Factors;
  readonly remove: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The question before a factor goes, with everything that goes with it. */
export function RemovalDialog({ title, means, factors, remove, onDone, onClose }: RemovalDialogProps) {
  return (
    <ConfirmDialog
      title={title}
      action={text('security', 'remove')}
      danger
      onConfirm={async () => {
        await withStepUp(remove);
        onDone();
      }}
      onClose={onClose}
    >
      <p>{means}</p>
      {isLastFactor(factors) && <p>{text('security', 'factor.last')}</p>}
      {losesCodes(factors) && <p>{text('security', 'factor.codesGo')}</p>}
    </ConfirmDialog>
  );
}
