import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { CodeField, type CodeFieldProps } from './code-field.tsx';

export interface CodeFormProps extends Pick<CodeFieldProps, 'label' | 'hint' | 'length' | 'first'> {
  /** What to say to whoever sends nothing. */
  readonly empty: string;
  /** What was wrong with the last code; the field is empty again for the next one. */
  readonly problem?: string | undefined;
  /** What the button says. */
  readonly action: string;
  readonly busy: boolean;
  readonly onCode: (code: string) => void;
  /** Between the field and the buttons: what else went wrong. */
  readonly said?: ComponentChildren;
  /** Further buttons. */
  readonly children?: ComponentChildren;
}

/** A one-time code that proves something: sent with its last digit, or by the button. */
export function CodeForm({ empty, problem, action, busy, onCode, said, children, ...field }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isRefused = problem !== undefined && !busy;
  useEffect(() => {
    if (!isRefused) return;
    setCode('');
    form.current?.querySelector('input')?.focus();
  }, [isRefused]);
  const shown = isEmpty && code === '' ? empty : isRefused ? problem : undefined;
  const give = (given: string) => {
    setIsEmpty(given === '');
    if (given !== '' && !busy) onCode(given);
  };
  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        give(code);
      }}
    >
      <CodeField
        {...field}
        value={code}
        onValue={setCode}
        onComplete={give}
        {...(shown !== undefined && { problem: shown })}
      />
      {said}
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
        {children}
      </div>
    </form>
  );
}
