import { isSessionOver, type SignInState } from 'vestibule/client';
import { identity, signIn, withProof } from './identity.ts';
import { ask, form, say, show } from './page.ts';

const questions: Record<string, string> = {
  'email-code': 'Code from the mail',
  'sms-code': 'Code from the message',
  totp: 'Code of your authenticator app',
  'recovery-code': 'One of your recovery codes',
};

/** Every state of a sign-in has its forms; the machine decides what comes next. */
function formsOf(state: SignInState): HTMLFormElement[] {
  switch (state.step) {
    case 'identify':
      return [
        form(
          'Sign in',
          { identifier: 'E-mail', password: 'Password' },
          ({ identifier = '', password = '' }) => signIn.start({ identifier, password }),
        ),
      ];
    case 'challenge':
      return [
        form('Go on', { code: questions[state.method] ?? state.method }, ({ code = '' }) =>
          signIn.answer(code),
        ),
        ...state.methods
          .filter((method) => method !== state.method)
          .map((method) => form(`Use ${method}`, {}, () => signIn.switchMethod(method))),
      ];
    case 'new-password-required':
      return [
        form('Set password', { password: 'New password' }, ({ password = '' }) =>
          signIn.newPassword(password),
        ),
      ];
    default:
      return [form('Start again', {}, () => signIn.reset())];
  }
}

async function render(state: SignInState): Promise<void> {
  if (state.busy) return;
  if (state.step === 'signed-in') return account();
  const notice = state.step === 'challenge' && state.notice;
  if (notice) say(notice === 'rejected' ? 'That was not it.' : 'A new code is on its way.');
  else say(state.problem?.message ?? '');
  show(...formsOf(state));
}

async function account(): Promise<void> {
  const { email, version, fields } = await identity.call('GET /v1/me/profile');
  say(`Signed in as ${fields.displayName?.value ?? email}.`);
  show(
    form('Save', { displayName: 'How shall we call you?' }, async ({ displayName = '' }) => {
      const headers = { 'if-match': `"${version}"` };
      await identity.call('PATCH /v1/me/profile', { headers, body: { fields: { displayName } } });
      await account();
    }),
    form('Add an authenticator app', {}, async () => {
      const { uri } = await withProof(() => identity.call('POST /v1/me/totp'), ask);
      await account();
      say(uri); // as a QR code, and then POST /v1/me/totp/confirm with the first code
    }),
    form('Sign out', {}, async () => {
      await identity.signOut();
      signIn.reset();
    }),
  );
}

addEventListener('unhandledrejection', ({ reason }) => {
  if (isSessionOver(reason))
    signIn.reset(); // it ended elsewhere: the sign-in page, not an error
  else say(reason instanceof Error ? reason.message : 'That did not work.');
});
signIn.subscribe((state) => void render(state));
if (await identity.resume()) await account();
else await render(signIn.restore());
