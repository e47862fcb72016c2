import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Field } from '../../../kit/field.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { text } from '../../../text/text.ts';

export interface NameDialogProps {
  readonly title: string;
  /** What it is called now, or what we would call it. */
  readonly name: string;
  /** What the other button says; @default 'Cancel' */
  readonly leave?: string;
  readonly children?: ComponentChildren;
  readonly onSave: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Gives a passkey, a session or a device a name of the person's own. */
export function NameDialog(props: NameDialogProps) {
  const { title, name, leave = text('common', 'cancel'), children, onSave, onClose } = props;
  const [typed, setTyped] = useState(name);
  const [isEmpty, setIsEmpty] = useState(false);
  const save = useAction(async () => {
    if (typed.trim() !== name) await onSave(typed.trim());
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setIsEmpty(typed.trim() === '');
          if (typed.trim() !== '') void save.run();
        }}
      >
        <Field
          label={text('security', 'name.label')}
          hint={text('security', 'name.hint')}
          value={typed}
          onValue={setTyped}
          maxLength={64}
          autocomplete="off"
          {...(isEmpty && { problem: text('security', 'name.empty') })}
        />
        <ChangeProblem error={save.error} />
        <div class="actions">
          <Button type="submit" look="primary" busy={save.busy}>
            {text('common', 'save')}
          </Button>
          <Button onClick={onClose}>{leave}</Button>
        </div>
      </form>
    </Dialog>
  );
}
