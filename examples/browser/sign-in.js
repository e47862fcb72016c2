import { browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { signInWithPasskey, usePasskey } from './passkeys.js';
import { openSession } from './session.js';

const session = openSession('http://localhost:4400/api'); // yours: https://id.shop.example
const [form, codeForm] = document.querySelectorAll('form');
const status = document.querySelector('[role=status]');
const questions = {
  'email-code': ({ destination }) => `Enter the code that was mailed to ${destination}.`,
  'sms-code': ({ destination }) => `Enter the code that was sent to ${destination}.`,
  totp: () => 'Enter the code of your authenticator app.',
  'recovery-code': () => 'Enter one of your recovery codes.',
};
let asked; // the challenge that is on the screen

async function show(answer) {
  const isRefused = asked !== undefined; // a wrong code is answered with the challenge again
  asked = answer.state === 'challenge' ? answer : undefined;
  form.hidden = true;
  codeForm.hidden = !asked;
  if (asked?.challenge.method === 'passkey') {
    const credential = await usePasskey(asked);
    asked = undefined;
    return show(await session.call('POST', '/v1/sessions/challenge', { flow: answer.flow, credential }));
  }
  if (asked) {
    const question = questions[asked.challenge.method](asked.challenge);
    status.textContent = isRefused ? `That was not it. ${question}` : question;
  } else {
    const { email } = await session.call('GET', '/v1/me/profile');
    status.textContent = `Signed in as ${email}.`;
  }
}

const fail = (error) => {
  status.textContent = error.message;
};
const onSubmit = (target, act) =>
  target.addEventListener('submit', (event) => {
    event.preventDefault();
    act(new FormData(target)).then(show).catch(fail);
  });

onSubmit(form, (typed) => session.signIn(typed.get('email'), typed.get('password')));
onSubmit(codeForm, (typed) => session.answer(asked.flow, typed.get('code').replaceAll(' ', '')));
if (await browserSupportsWebAuthnAutofill()) {
  signInWithPasskey(session, { autofill: true })
    .then(show)
    .catch((error) => error.name === 'AbortError' || fail(error)); // another passkey question took its place
}
