import { Amplify } from 'aws-amplify';
import { confirmSignIn, signIn } from 'aws-amplify/auth';

/** @param cognito - `userPoolId`, `userPoolClientId` of the client `web`; locally also `userPoolEndpoint` */
export const configure = (cognito) => Amplify.configure({ Auth: { Cognito: cognito } });

/**
 * @param ask - shows what is asked (`{ step, destination, … }`) and resolves to what the person typed
 * @returns true when signed in; Amplify keeps the tokens then
 */
export async function signInWithAmplify(api, username, password, ask) {
  const { context } = await contextFor(api, username);
  const clientMetadata = { vestibule_context: context }; // with every call: without it the sign-in looks riskier
  let { isSignedIn, nextStep } = await signIn({
    username,
    password,
    options: { authFlowType: 'CUSTOM_WITH_SRP', clientMetadata },
  });
  while (nextStep.signInStep === 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE') {
    const question = nextStep.additionalInfo;
    const challengeResponse =
      question.step === 'begin' ? JSON.stringify({ context, method: 'email-code' }) : await ask(question);
    ({ isSignedIn, nextStep } = await confirmSignIn({ challengeResponse, options: { clientMetadata } }));
  }
  return isSignedIn;
}

/** Says where the request comes from. Cookies go along: a device that is known is asked for less. */
async function contextFor(api, identifier) {
  const response = await fetch(`${api}/v1/contexts`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier }),
  });
  return response.json();
}
