import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { text } from '../../text/text.ts';

/** Who is signing in, and the way to change it. */
export function Identity({ address, onChange }: { readonly address: string; readonly onChange: () => void }) {
  // Where it is too long for one line it breaks before its at sign, not in the middle of a word.
  const at = Math.max(0, address.lastIndexOf('@'));
  return (
    <div class="identity">
      <Icon name="user" />
      <span class="visually-hidden">{text('sign-in', 'identity.label')}: </span>
      <span class="address" dir="ltr">
        {address.slice(0, at)}
        <wbr />
        {address.slice(at)}
      </span>
      <Button look="link" onClick={onChange}>
        {text('sign-in', 'identity.change')}
      </Button>
    </div>
  );
}
