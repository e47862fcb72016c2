import { Checkbox } from '../../kit/checkbox.tsx';
import { text } from '../../text/text.ts';
import type { Form } from './sign-up.tsx';

export interface ConsentChoicesProps {
  readonly purposes: Form['purposes'];
  readonly granted: ReadonlySet<string>;
  readonly onGranted: (granted: ReadonlySet<string>) => void;
  /** The person has tried to go on: what is missing is said. */
  readonly isChecked: boolean;
}

/** The exact texts, each with a box of its own, none of them ticked; what is needed first. */
export function ConsentChoices({ purposes, granted, onGranted, isChecked }: ConsentChoicesProps) {
  const toggle = (purpose: string, isGranted: boolean) => {
    const next = new Set(granted);
    if (isGranted) next.add(purpose);
    else next.delete(purpose);
    onGranted(next);
  };
  const box = ({ purpose, text: label, required }: Form['purposes'][number]) => (
    <Checkbox
      key={purpose}
      name={purpose}
      label={label}
      checked={granted.has(purpose)}
      onChecked={(isGranted) => toggle(purpose, isGranted)}
      required={required}
      {...(isChecked &&
        required &&
        !granted.has(purpose) && { problem: text('sign-in', 'signUp.required.problem') })}
    />
  );
  const free = purposes.filter(({ required }) => !required);
  return (
    <>
      {purposes.filter(({ required }) => required).map(box)}
      {free.length > 0 && (
        <fieldset class="free-choices">
          <legend>{text('sign-in', 'signUp.consents')}</legend>
          <p class="hint">{text('sign-in', 'signUp.consents.hint')}</p>
          {free.map(box)}
        </fieldset>
      )}
    </>
  );
}
