import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Description, describedBy } from './described.tsx';

export interface CheckboxProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly hint?: string;
  readonly problem?: string;
  readonly required?: boolean;
  readonly name?: string;
}

export function Checkbox({ label, checked, onChecked, hint, problem, required, name }: CheckboxProps) {
  const id = useId();
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  return (
    <div class="field">
      <label class="check" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={checked}
          {...(name !== undefined && { name })}
          {...(required !== undefined && { required })}
          aria-invalid={problem ? true : undefined}
          aria-describedby={describedBy(id, described)}
          onChange={(event) => onChecked(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      <Description id={id} {...described} />
    </div>
  );
}
