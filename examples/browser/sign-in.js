import { browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { signInWithPasskey } from './passkeys.js';
import { openSession } from './session.js';

const session = openSession('http://localhost:4400/api'); // yours: https://account.shop.example
const form = document.querySelector('#sign-in');
const codeForm = document.querySelector('#code');
const status = document.querySelector('[role=status]');
let flow;

async function show(answer) {
  const isRefused = flow !== undefined; // a wrong code is answered with the challenge again
  flow = answer.flow;
  form.hidden = true;
  codeForm.hidden = answer.state === 'signed-in';
  if (answer.state === 'challenge') {
    const what = isRefused ? 'That was not it. Enter' : 'Enter';
    status.textContent = `${what} the code that was sent to ${answer.challenge.destination}.`;
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
onSubmit(codeForm, (typed) => session.answer(flow, typed.get('code').replaceAll(' ', '')));
if (await browserSupportsWebAuthnAutofill()) {
  signInWithPasskey(session, { autofill: true }).then(show).catch(fail);
}
