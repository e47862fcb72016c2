import { useState } from 'preact/hooks';
import { lazy, useLocation } from 'preact-iso';
import { type AnswerOf, IdentityProblem } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Show } from '../../kit/loading.tsx';
import { PasswordField } from '../../kit/password-field.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { useResource } from '../../kit/use-resource.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { language, text, withText } from '../../text/text.ts';
import { AddressField } from '../sign-in/address-field.tsx';
import { identifier } from '../sign-in/flow.ts';
import { looksLikeAddress } from '../sign-in/looks-like-address.ts';
import { ConsentChoices } from './consent-choices.tsx';
import { keepPending } from './pending-registration.ts';

export type Form = AnswerOf<'GET /v1/registration-form'>;

const RequiredFields = lazy(() => withText(['account'], () => import('./required-fields.tsx')));

/** An address, a password and what the contract needs; every other question can wait. */
export default function SignUp() {
  // Kept while another language brings a form of its own: it has other texts to agree to, but the same password.
  const [typed, setTyped] = useState<Typed>({ password: '', profile: {} });
  const form = useResource(
    () => api.call('GET /v1/registration-form', { query: { locale: language.value } }),
    [language.value],
  );
  return (
    <PublicPage title={text('sign-in', 'signUp.title')}>
      <Show of={form} lines={8}>
        {(value) => (
          <SignUpForm
            key={value.language}
            form={value}
            typed={typed}
            onTyped={setTyped}
            onTextsChanged={form.reload}
          />
        )}
      </Show>
      <nav class="foot" aria-label={text('common', 'signIn')}>
        <a href={paths.signIn}>{text('sign-in', 'signUp.have')}</a>
      </nav>
    </PublicPage>
  );
}

interface Typed {
  readonly password: string;
  readonly profile: Readonly<Record<string, string | number | boolean>>;
}

interface SignUpFormProps {
  readonly form: Form;
  readonly typed: Typed;
  readonly onTyped: (typed: Typed) => void;
  readonly onTextsChanged: () => void;
}

function SignUpForm({ form, typed, onTyped, onTextsChanged }: SignUpFormProps) {
  const { route, query } = useLocation();
  const { password, profile } = typed;
  const [granted, setGranted] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setIsChecked] = useState(false);
  const required = form.fields.filter((field) => field.required);
  const isShort = [...password].length < form.passwordMinLength;
  const isComplete =
    looksLikeAddress(identifier.value) &&
    !isShort &&
    form.purposes.every(({ purpose, required: isNeeded }) => !isNeeded || granted.has(purpose)) &&
    required.every(({ field }) => profile[field] !== undefined);
  const register = useAction(async () => {
    setIsChecked(true);
    if (!isComplete) return;
    const email = identifier.value.trim();
    const consents = form.purposes
      .filter(({ purpose }) => granted.has(purpose))
      .map(({ purpose, version, language: tag, textHash }) => ({
        purpose,
        decision: 'granted' as const,
        version,
        language: tag,
        textHash,
      }));
    try {
      const { registration, codeLength, expiresInSeconds } = await api.call('POST /v1/registrations', {
        body: { email, password, locale: language.value, profile, consents },
      });
      const expiresAt = Date.now() + expiresInSeconds * 1000;
      keepPending({ email, registration, codeLength, expiresAt }, password);
    } catch (error) {
      if (error instanceof IdentityProblem && error.code === 'CONSENT_TEXT_MISMATCH') {
        setGranted(new Set());
        onTextsChanged();
      }
      throw error;
    }
    const { then } = query;
    route(then === undefined ? paths.confirm : `${paths.confirm}?${new URLSearchParams({ then })}`);
  });
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void register.run();
      }}
    >
      <AddressField autocomplete="username" isRefused={isChecked && !looksLikeAddress(identifier.value)} />
      <PasswordField
        label={text('sign-in', 'password')}
        autocomplete="new-password"
        minLength={form.passwordMinLength}
        hint={text('sign-in', 'password.hint', { count: form.passwordMinLength })}
        value={password}
        onValue={(next) => onTyped({ ...typed, password: next })}
        {...(isChecked && isShort && { problem: text('sign-in', 'password.short') })}
      />
      {required.length > 0 && (
        <RequiredFields
          fields={required}
          values={profile}
          onValues={(next) => onTyped({ ...typed, profile: next })}
          isChecked={isChecked}
        />
      )}
      <ConsentChoices
        purposes={form.purposes}
        granted={granted}
        onGranted={setGranted}
        isChecked={isChecked}
      />
      <ProblemNotice error={register.error} area="sign-in" />
      <Button type="submit" look="primary" busy={register.busy}>
        {text('sign-in', 'signUp.submit')}
      </Button>
    </form>
  );
}
