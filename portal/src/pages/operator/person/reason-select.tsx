import { Select } from '../../../kit/choice.tsx';
import { text } from '../../../text/text.ts';
import { reasonName } from '../statistics/words.ts';
import { type OperatorReason, reasons } from './found.ts';

export interface ReasonSelectProps {
  readonly value: OperatorReason | undefined;
  readonly onValue: (reason: OperatorReason) => void;
  readonly problem?: string;
}

/** Why an operator looks or acts; it lands in the audit. Nothing is chosen beforehand. */
export function ReasonSelect({ value, onValue, problem }: ReasonSelectProps) {
  return (
    <Select
      label={text('operator', 'why')}
      empty={text('operator', 'why.choose')}
      hint={text('operator', 'why.hint')}
      value={value}
      onValue={onValue}
      {...(problem !== undefined && { problem })}
      options={reasons.map((reason) => ({ value: reason, label: reasonName(reason) }))}
    />
  );
}
