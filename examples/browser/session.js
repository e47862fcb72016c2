/** Account and session of a page's visitor. The session is an HttpOnly cookie: no token ever reaches a script. */
export function openSession(api) {
  let csrf; // goes with every change, and proves that this page meant it

  async function call(method, path, body, headers = {}) {
    const response = await fetch(api + path, {
      method,
      credentials: 'include',
      headers: {
        ...(csrf && { 'x-vestibule-csrf': csrf }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const answer = response.status === 204 ? {} : await response.json();
    // Branch on `code`; `detail` is for people. `stepUp` says what to prove when the code is STEP_UP_REQUIRED.
    if (!response.ok) throw Object.assign(new Error(answer.detail ?? answer.message), answer);
    csrf = answer.csrf ?? csrf;
    return answer;
  }

  return {
    call,

    /** Sends the form; the person gets a code by mail, or nothing where the address is taken. */
    async signUp(email, password) {
      const { purposes } = await call('GET', '/v1/registration-form?locale=en');
      const consents = purposes // show `text` of each, and send what the person decided
        .filter(({ required }) => required)
        .map(({ purpose, version, language, textHash }) => ({
          ...{ purpose, version, language, textHash },
          decision: 'granted',
        }));
      const form = { email, password, locale: 'en', consents };
      const { registration } = await call('POST', '/v1/registrations', form);
      return { confirm: (code) => call('POST', '/v1/registrations/confirm', { email, registration, code }) };
    },

    /** Resolves to `signed-in`, or to a `challenge` whose `flow` goes into `answer`. */
    signIn: (identifier, password) => call('POST', '/v1/sessions', { identifier, password, mode: 'cookie' }),
    /** A wrong code comes back as a challenge with another `flow`, until no attempt is left. */
    answer: (flow, answer) => call('POST', '/v1/sessions/challenge', { flow, answer }),

    /** After a reload: whether somebody is signed in. */
    resume: () =>
      call('GET', '/v1/me/sessions').then(
        () => true,
        ({ code }) => {
          if (code === 'TOKEN_REJECTED') return false;
          throw new Error(code);
        },
      ),

    /** `{ password }` is done at once; `{ method }` resolves to a challenge for `answerStepUp`. */
    stepUp: (proof) => call('POST', '/v1/me/step-up', proof),
    answerStepUp: (flow, answer) => call('POST', '/v1/me/step-up/answer', { flow, answer }),

    async signOut() {
      await call('POST', '/v1/sessions/sign-out', {});
      csrf = undefined;
    },
  };
}
