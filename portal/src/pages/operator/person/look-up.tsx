import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Field } from '../../../kit/field.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { text } from '../../../text/text.ts';
import { type Found, lookUp, type OperatorReason, soughtBy } from './found.ts';
import { ReasonSelect } from './reason-select.tsx';

/** There is no search: exactly one address, or exactly one id. */
export function LookUp({ onFound }: { readonly onFound: (found: Found | undefined) => void }) {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState<OperatorReason>();
  const [asked, setAsked] = useState(false);
  const find = useAction(async () => {
    setAsked(true);
    if (typed.trim() === '' || !reason) return;
    onFound(undefined);
    onFound(await lookUp(soughtBy(typed), reason));
  });
  return (
    <Card title={text('operator', 'find')}>
      <form
        class="stack look-up"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void find.run();
        }}
      >
        <Field
          label={text('operator', 'find.who')}
          hint={text('operator', 'find.hint')}
          value={typed}
          onValue={setTyped}
          autocomplete="off"
          {...(asked && typed.trim() === '' && { problem: text('operator', 'find.missing') })}
        />
        <ReasonSelect
          value={reason}
          onValue={setReason}
          {...(asked && !reason && { problem: text('operator', 'why.missing') })}
        />
        <ProblemNotice error={find.error} area="operator" />
        <Button type="submit" look="primary" busy={find.busy}>
          {text('operator', 'find.button')}
        </Button>
      </form>
    </Card>
  );
}
