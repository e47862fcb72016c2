import { Button } from '../../kit/button.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { text } from '../../text/text.ts';
import { AddressField } from '../sign-in/address-field.tsx';
import type { MailedCode } from './mailed-code.ts';

/** Asks for the address and has a code mailed to it. */
export function AddressForm({ code }: { readonly code: MailedCode }) {
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void code.send.run();
      }}
    >
      <ProblemNotice error={code.send.error} area="sign-in" />
      <AddressField autocomplete="username" isRefused={code.isRefused} />
      <Button type="submit" look="primary" busy={code.send.busy}>
        {text('sign-in', 'reset.send')}
      </Button>
    </form>
  );
}
