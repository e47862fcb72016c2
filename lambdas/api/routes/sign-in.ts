import * as v from 'valibot';
import * as s from '../schemas.ts';
import { open, type RouteTable } from './table.ts';

/** Signing in, staying signed in, signing out, and the way back in after a lost password. */
export const signInRoutes = {
  'POST /v1/contexts': {
    function: 'auth-api',
    summary:
      'A signed context for clients that call Cognito themselves; single use, five minutes at the most',
    auth: open,
    body: v.strictObject({
      identifier: s.identifier,
      use: v.optional(v.picklist(['sign-in', 'registration'])),
    }),
    answer: {
      status: 201,
      body: v.strictObject({
        context: s.token,
        expiresInSeconds: s.seconds,
        deviceToken: v.optional(v.string()),
      }),
    },
    errors: [],
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions': {
    function: 'auth-api',
    summary:
      'Sign in with a password, with a method in place of it, or with a passkey alone; answers with tokens or with a challenge',
    auth: open,
    body: v.strictObject({
      /** Absent only beside `passkey`, which says whose it is. */
      identifier: v.optional(s.identifier),
      password: v.optional(s.password),
      /** Wanted for the challenge, where the decision accepts it; in place of the password where there is none. */
      method: v.optional(s.challengeMethod),
      /** Assurance that this sign-in has to reach. */
      level: v.optional(v.literal(2)),
      passkey: v.optional(v.strictObject({ credential: s.usedCredential, challenge: s.token })),
      mode: v.optional(v.picklist(['tokens', 'cookie'])),
    }),
    answer: { status: 200, body: s.signInAnswer },
    errors: ['SIGN_IN_REJECTED', 'ACCOUNT_NOT_CONFIRMED', 'PASSWORD_RESET_REQUIRED', 'ORIGIN_REJECTED'],
    uniform: 'challenges',
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/passkey-options': {
    function: 'auth-api',
    summary: 'Options for navigator.credentials.get before anybody said who signs in (conditional UI)',
    auth: open,
    answer: {
      status: 200,
      body: v.strictObject({
        /** PublicKeyCredentialRequestOptionsJSON */
        options: v.looseObject({ challenge: v.string() }),
        /** Goes back unread with the passkey's answer. */
        challenge: v.string(),
        expiresInSeconds: s.seconds,
      }),
    },
    errors: [],
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/challenge': {
    function: 'auth-api',
    summary: 'Answer the challenge, have its code sent again, or take another method',
    auth: open,
    body: v.strictObject({
      flow: s.token,
      answer: v.optional(s.methodCode),
      resend: v.optional(v.literal(true)),
      method: v.optional(s.challengeMethod),
      credential: v.optional(s.usedCredential),
      /** Secret of a mailed link, from its fragment. */
      link: v.optional(s.pattern(/^[A-Za-z0-9_-]{44}$/, 44)),
      /** After `new-password-required`. */
      newPassword: v.optional(s.password),
    }),
    answer: { status: 200, body: s.signInAnswer },
    errors: [
      'PASSWORD_REFUSED',
      'ACCOUNT_NOT_CONFIRMED',
      'PASSWORD_RESET_REQUIRED',
      'FLOW_REJECTED',
      'SIGN_IN_REJECTED',
      'ORIGIN_REJECTED',
    ],
    uniform: 'challenges',
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/provider': {
    function: 'auth-api',
    summary: 'Where to sign in with a provider, for a page of ours; binds what follows to this browser',
    auth: open,
    body: v.strictObject({
      /** Name of the provider in the configuration. */
      provider: s.pattern(/^[A-Za-z0-9_.-]+$/, 32),
      /** Has the provider ask again, as a fresh proof: the session is good for what needs one (level 1). */
      fresh: v.optional(v.literal(true)),
    }),
    answer: { status: 200, body: v.strictObject({ url: v.string(), expiresInSeconds: s.seconds }) },
    errors: ['METHOD_UNAVAILABLE', 'ORIGIN_REJECTED'],
    throttle: { rate: 100, burst: 200 },
  },
  'POST /v1/sessions/provider/complete': {
    function: 'auth-api',
    summary: 'Back from the provider: a session in a cookie, or the code that links the two accounts',
    auth: open,
    body: v.strictObject({
      state: s.pattern(/^[A-Za-z0-9_-]{43}$/, 43),
      /** From the address that the browser came back to; one of the two. */
      code: v.optional(s.text(1, 2_048)),
      /** `error_description` of that address. */
      refusal: v.optional(s.text(1, 2_048)),
    }),
    answer: { status: 200, body: s.signedInCookie },
    errors: ['FLOW_REJECTED', 'LINK_REQUIRED', 'METHOD_UNAVAILABLE', 'ORIGIN_REJECTED'],
    throttle: { rate: 100, burst: 200 },
  },
  'POST /v1/sessions/refresh': {
    function: 'auth-api',
    summary: 'New tokens for a refresh token, which is used up by it; a new cookie for a browser session',
    auth: open,
    body: v.strictObject({ refreshToken: v.optional(s.token) }),
    answer: {
      status: 200,
      body: v.union([v.omit(s.signedIn, ['state', 'deviceToken']), v.strictObject(s.cookieSession)]),
    },
    errors: ['SESSION_REJECTED', 'ORIGIN_REJECTED'],
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/sign-out': {
    function: 'auth-api',
    summary: 'End a session: its refresh token and, within seconds, its access tokens',
    auth: open,
    body: v.strictObject({ refreshToken: v.optional(s.token), accessToken: v.optional(s.token) }),
    answer: { status: 204 },
    errors: ['ORIGIN_REJECTED'],
    throttle: { rate: 100, burst: 200 },
  },
  'POST /v1/password-resets': {
    function: 'auth-api',
    summary: 'Have a code mailed to set a new password; the answer is the same for every address',
    auth: open,
    body: v.strictObject({ identifier: s.identifier, locale: v.optional(s.language) }),
    answer: {
      status: 202,
      body: v.strictObject({
        destination: v.string(),
        codeLength: v.number(),
        expiresInSeconds: s.seconds,
      }),
    },
    errors: [],
    uniform: 'all',
    throttle: { rate: 20, burst: 40 },
  },
  'POST /v1/password-resets/confirm': {
    function: 'auth-api',
    summary: 'Set a new password with the mailed code',
    auth: open,
    body: v.strictObject({ identifier: s.identifier, code: s.code, password: s.password }),
    answer: { status: 200, body: v.strictObject({ state: v.literal('reset') }) },
    errors: ['CODE_REJECTED', 'PASSWORD_REFUSED'],
    uniform: 'refusals',
    throttle: { rate: 20, burst: 40 },
  },
} as const satisfies RouteTable;
