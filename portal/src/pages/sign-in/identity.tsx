import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { text } from '../../text/text.ts';

/** Who is signing in, and the way to change it. */
export function Identity({ address, onChange }: { readonly address: string; readonly onChange: () => void }) {
  return (
    <div class="identity">
      <Icon name="user" />
      <span class="visually-hidden">{text('sign-in', 'identity.label')}: </span>
      <span class="address" dir="ltr">
        {address}
      </span>
      <Button look="link" onClick={onChange}>
        {text('sign-in', 'identity.change')}
      </Button>
    </div>
  );
}
