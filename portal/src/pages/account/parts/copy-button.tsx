import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { text } from '../../../text/text.ts';

/** Says when it has copied, and when the browser did not let it. */
export function CopyButton({ value }: { readonly value: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  return (
    <>
      <Button onClick={() => void copy()}>
        <Icon name={outcome === 'copied' ? 'check' : 'paper'} />
        <span>{text('security', outcome === 'copied' ? 'copy.copied' : 'copy')}</span>
      </Button>
      <span role="status" class={outcome === 'refused' ? 'small muted' : 'visually-hidden'}>
        {outcome && text('security', `copy.${outcome}`)}
      </span>
    </>
  );
}
