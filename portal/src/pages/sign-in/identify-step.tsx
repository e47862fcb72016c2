import { useState } from 'preact/hooks';
import { configuration } from '../../configuration.ts';
import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { paths } from '../../paths.ts';
import { canUsePasskeys } from '../../session/passkeys.ts';
import { text } from '../../text/text.ts';
import { AddressField } from './address-field.tsx';
import { identifier, signIn, signInState } from './flow.ts';
import { looksLikeAddress } from './looks-like-address.ts';
import { askForPasskey, usePasskeyAutofill } from './passkey-alone.ts';
import { PasskeyProblem } from './passkey-problem.tsx';
import { Providers } from './providers.tsx';

export interface IdentifyStepProps {
  readonly onIdentified: () => void;
  /** A challenge that could not be taken up again after a reload. */
  readonly isLost: boolean;
}

/** Who is it? By address, by a passkey, or by another service. */
export function IdentifyStep({ onIdentified, isLost }: IdentifyStepProps) {
  const [isRefused, setIsRefused] = useState(false);
  const state = signInState.value;
  const passkey = useAction(async () => signIn.passkey(await askForPasskey()));
  usePasskeyAutofill((given) => void signIn.passkey(given));
  const goOn = () => {
    const isGood = looksLikeAddress(identifier.value);
    setIsRefused(!isGood);
    if (isGood) onIdentified();
  };
  return (
    <>
      {isLost && <Notice>{text('sign-in', 'lost')}</Notice>}
      {state.step === 'identify' && <ProblemNotice error={state.problem} area="sign-in" />}
      <PasskeyProblem error={passkey.error} />
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        <AddressField autocomplete="username webauthn" isRefused={isRefused} />
        <Button type="submit" look="primary" busy={state.busy && !passkey.busy}>
          {text('common', 'continue')}
        </Button>
      </form>
      {(canUsePasskeys() || configuration.value.providers.length > 0) && (
        <div class="ways">
          <p class="or">{text('sign-in', 'or')}</p>
          {canUsePasskeys() && (
            <Button busy={passkey.busy} onClick={() => void passkey.run()}>
              <Icon name="passkey" />
              {text('sign-in', 'way.passkey')}
            </Button>
          )}
          <Providers />
        </div>
      )}
      <nav class="foot" aria-label={text('sign-in', 'trouble')}>
        <a href={paths.signUp}>{text('sign-in', 'new')}</a>
        <a href={paths.recovery}>{text('sign-in', 'trouble')}</a>
      </nav>
    </>
  );
}
