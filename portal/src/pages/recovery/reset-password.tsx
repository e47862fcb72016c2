import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { language, text } from '../../text/text.ts';
import { signIn, signInState, stepAddress, useGoOnWhenSignedIn } from '../sign-in/flow.ts';
import { AddressForm } from './address-form.tsx';
import { useMailedCode } from './mailed-code.ts';
import { ProofForm } from './proof-form.tsx';

/** A new password by a mailed code; further factors stay, and the sign-in that follows asks for them. */
export default function ResetPassword() {
  useGoOnWhenSignedIn();
  const { route, query } = useLocation();
  const code = useMailedCode((identifier) =>
    api.call('POST /v1/password-resets', { body: { identifier, locale: language.value } }),
  );
  const { step } = signInState.value;
  // Once the decision point asks for more.
  useEffect(() => {
    if (step === 'challenge' || step === 'new-password-required')
      route(stepAddress('challenge', query.then), true);
  }, [step]);
  return (
    <PublicPage
      title={text('sign-in', 'reset.title')}
      lead={text('sign-in', code.sent ? 'reset.effect' : 'reset.lead')}
    >
      {code.sent ? (
        <ProofForm
          code={code}
          password="new-password"
          submit={text('sign-in', 'reset.submit')}
          onProof={async ({ identifier, code: given, password }) => {
            await api.call('POST /v1/password-resets/confirm', {
              body: { identifier, code: given, password },
            });
            const after = await signIn.start({ identifier, password });
            // The password is set; what kept the sign-in from going on is for the sign-in page to say.
            if (after.step === 'identify' || after.step === 'refused')
              route(stepAddress('identify', query.then));
          }}
        />
      ) : (
        <AddressForm code={code} />
      )}
      <nav class="foot" aria-label={text('sign-in', 'trouble')}>
        <a href={paths.signIn}>{text('common', 'signIn')}</a>
        <a href={paths.recovery}>{text('sign-in', 'reset.lostToo')}</a>
      </nav>
    </PublicPage>
  );
}
