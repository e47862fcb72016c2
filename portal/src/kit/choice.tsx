import { useId } from 'preact/hooks';
import { Description, describedBy } from './described.tsx';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly detail?: string;
}

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value | undefined;
  readonly onValue: (value: Value) => void;
  readonly hint?: string;
  readonly problem?: string;
}

/** One of a few: radio buttons, each as large as a finger. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  onValue,
  hint,
  problem,
}: ChoiceProps<Value>) {
  const id = useId();
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  return (
    <fieldset class="field" aria-describedby={describedBy(id, described)}>
      <legend>{label}</legend>
      <div class="choices">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValue(option.value)}
            />
            <span>
              {option.label}
              {option.detail && <span class="hint"> {option.detail}</span>}
            </span>
          </label>
        ))}
      </div>
      <Description id={id} {...described} />
    </fieldset>
  );
}

/** One of many. */
export function Select<Value extends string>({
  label,
  options,
  value,
  onValue,
  hint,
  problem,
  empty,
}: ChoiceProps<Value> & {
  /** Line of "nothing chosen"; without it one of the options is always chosen. */
  readonly empty?: string;
}) {
  const id = useId();
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        aria-invalid={problem ? true : undefined}
        aria-describedby={describedBy(id, described)}
        onChange={(event) => onValue(event.currentTarget.value as Value)}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Description id={id} {...described} />
    </div>
  );
}
