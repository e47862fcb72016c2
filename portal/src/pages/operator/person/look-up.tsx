import { useState } from 'preact/hooks';
import { configuration } from '../../../configuration.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Select } from '../../../kit/choice.tsx';
import { Field } from '../../../kit/field.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { text } from '../../../text/text.ts';
import { type Found, lookUp, type OperatorReason, soughtBy } from './found.ts';
import { ReasonSelect } from './reason-select.tsx';

/** There is no search: exactly one address, one id, or one id at a provider. */
export function LookUp({ onFound }: { readonly onFound: (found: Found | undefined) => void }) {
  const [typed, setTyped] = useState('');
  const [provider, setProvider] = useState('');
  const [reason, setReason] = useState<OperatorReason>();
  const [asked, setAsked] = useState(false);
  const { providers } = configuration.value;
  const find = useAction(async () => {
    setAsked(true);
    const who = typed.trim();
    if (who === '' || !reason) return;
    onFound(undefined);
    onFound(await lookUp(provider ? { identity: { provider, subject: who } } : soughtBy(who), reason));
  });
  const label = provider ? text('operator', 'find.subject') : text('operator', 'find.who');
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
        {providers.length > 0 && (
          <Select
            label={text('operator', 'find.by')}
            empty={text('operator', 'find.who')}
            value={provider}
            onValue={setProvider}
            options={providers.map(({ name, label: shown }) => ({
              value: name,
              label: text('operator', 'find.byProvider', { provider: shown }),
            }))}
          />
        )}
        <Field
          label={label}
          hint={text('operator', provider ? 'find.subject.hint' : 'find.hint')}
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
