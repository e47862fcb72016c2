import * as v from 'valibot';
import type { CiamErrorCode } from '../core/errors.ts';
import * as s from './schemas.ts';
import type { ApiFunction, HttpMethod, Route, RouteSpec } from './types.ts';

/** Errors that any route may answer with; routes list only what comes on top. */
export const commonErrors = {
  all: ['REQUEST_INVALID', 'TOO_MANY_ATTEMPTS', 'UNAVAILABLE', 'INTERNAL'],
  withBody: ['CONTENT_TYPE_UNSUPPORTED', 'BODY_TOO_LARGE'],
  withUser: ['TOKEN_REJECTED', 'SCOPE_MISSING'],
} as const satisfies Record<string, readonly CiamErrorCode[]>;

/** Body limit of every route, in bytes. */
export const maxBodyBytes = 16_384;

type Path = `${HttpMethod} /v1/${string}`;
const defineRoutes = <const T extends Readonly<Record<Path, RouteSpec>>>(table: T): T => table;

const open = { kind: 'public' } as const;
const user = <const S extends string>(scope: S) => ({ kind: 'user', scope }) as const;

/**
 * Every route of the Identity API, and the only place that names one. API Gateway's resources, models and throttles,
 * the dispatch of both functions, the OpenAPI document and the typed client are made from this table.
 */
export const routes = defineRoutes({
  'GET /v1/registration-form': {
    function: 'auth-api',
    summary: 'What to ask in a registration form: fields, and purposes with their texts, versions and hashes',
    auth: open,
    query: v.strictObject({ locale: v.optional(s.language) }),
    answer: {
      status: 200,
      body: v.strictObject({
        language: s.language,
        passwordMinLength: v.number(),
        fields: v.array(s.fieldQuestion),
        purposes: v.array(
          v.strictObject({
            purpose: s.name,
            required: v.boolean(),
            version: s.version,
            language: s.language,
            text: v.string(),
            textHash: s.sha256,
          }),
        ),
      }),
    },
    errors: [],
    throttle: { rate: 200, burst: 400 },
  },
  'POST /v1/registrations': {
    function: 'auth-api',
    summary: 'Register; the answer is the same whether or not the address is already taken',
    auth: open,
    body: v.strictObject({
      email: s.identifier,
      password: s.password,
      locale: v.optional(s.language),
      profile: v.optional(s.fieldValues),
      consents: v.optional(v.pipe(v.array(s.consentGiven), v.maxLength(20))),
    }),
    answer: {
      status: 202,
      body: v.strictObject({
        /** Ties the confirmation to this registration: a code that somebody else's registration caused is no use. */
        registration: s.handle,
        destination: v.string(),
        codeLength: v.number(),
        expiresInSeconds: s.seconds,
        deviceToken: v.optional(v.string()),
      }),
    },
    errors: ['MAIL_DOMAIN_REFUSED', 'PASSWORD_REFUSED', 'CONSENT_TEXT_MISMATCH', 'REGISTRATION_REFUSED'],
    uniform: 'all',
    throttle: { rate: 50, burst: 100 },
  },
  'POST /v1/registrations/confirm': {
    function: 'auth-api',
    summary: 'Prove the address with the mailed code',
    auth: open,
    body: v.strictObject({ email: s.identifier, registration: s.handle, code: s.code }),
    answer: { status: 200, body: v.strictObject({ state: v.literal('confirmed') }) },
    errors: ['CODE_REJECTED'],
    uniform: 'refusals',
    throttle: { rate: 50, burst: 100 },
  },
  'POST /v1/registrations/resend': {
    function: 'auth-api',
    summary: 'Send the confirmation code of a registration again',
    auth: open,
    body: v.strictObject({ email: s.identifier, registration: s.handle }),
    answer: { status: 202 },
    errors: [],
    uniform: 'all',
    throttle: { rate: 20, burst: 40 },
  },
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
    summary: 'Sign in with a password; answers with tokens or with a challenge',
    auth: open,
    body: v.strictObject({ identifier: s.identifier, password: s.password }),
    answer: { status: 200, body: s.signInAnswer },
    errors: ['SIGN_IN_REJECTED', 'ACCOUNT_NOT_CONFIRMED', 'PASSWORD_RESET_REQUIRED'],
    uniform: 'refusals',
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/challenge': {
    function: 'auth-api',
    summary: 'Answer the challenge, or have its code sent again',
    auth: open,
    body: v.strictObject({
      flow: s.token,
      answer: v.optional(s.code),
      resend: v.optional(v.literal(true)),
    }),
    answer: { status: 200, body: s.signInAnswer },
    errors: ['CODE_REJECTED', 'FLOW_REJECTED', 'SIGN_IN_REJECTED'],
    uniform: 'refusals',
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/refresh': {
    function: 'auth-api',
    summary: 'New tokens for a refresh token, which is used up by it',
    auth: open,
    body: v.strictObject({ refreshToken: s.token }),
    answer: { status: 200, body: v.omit(s.signedIn, ['state', 'deviceToken']) },
    errors: ['SESSION_REJECTED'],
    throttle: { rate: 300, burst: 600 },
  },
  'POST /v1/sessions/sign-out': {
    function: 'auth-api',
    summary: 'End a session: its refresh token and, within seconds, its access tokens',
    auth: open,
    body: v.strictObject({ refreshToken: s.token, accessToken: v.optional(s.token) }),
    answer: { status: 204 },
    errors: [],
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
  'GET /v1/openapi.json': {
    function: 'auth-api',
    summary: 'This description',
    auth: open,
    answer: { status: 200, body: v.record(v.string(), v.unknown()) },
    errors: [],
    throttle: { rate: 20, burst: 40 },
  },
  'GET /v1/me/profile': {
    function: 'account-api',
    summary: 'The profile of the signed-in person, with its version as ETag',
    auth: user('profile.read'),
    answer: { status: 200, body: s.profile },
    errors: [],
  },
  'PATCH /v1/me/profile': {
    function: 'account-api',
    summary: 'Change fields of the profile; null removes one',
    auth: user('profile.write'),
    headers: { 'if-match': { required: true, description: 'The ETag that the change is based on' } },
    body: v.strictObject({ locale: v.optional(s.language), fields: v.optional(s.fieldChanges) }),
    answer: { status: 200, body: s.profile },
    errors: ['PROFILE_CONFLICT', 'PRECONDITION_REQUIRED'],
  },
  'GET /v1/me/prompts': {
    function: 'account-api',
    summary: 'The next best questions to ask, if this is a good moment at all',
    auth: user('profile.read'),
    query: v.strictObject({ locale: v.optional(s.language) }),
    answer: {
      status: 200,
      body: v.strictObject({
        prompts: v.array(s.fieldQuestion),
        completeness: s.completeness,
      }),
    },
    errors: [],
  },
  'PUT /v1/me/prompts/{field}': {
    function: 'account-api',
    summary: 'Answer or skip one question',
    auth: user('profile.write'),
    body: v.strictObject({ answer: v.optional(s.fieldValue), skip: v.optional(v.literal(true)) }),
    answer: {
      status: 200,
      body: v.strictObject({
        field: s.name,
        state: v.picklist(['answered', 'skipped']),
        version: v.number(),
        completeness: s.completeness,
      }),
    },
    errors: ['PROMPT_UNKNOWN', 'PROFILE_CONFLICT'],
  },
  'GET /v1/me/consents': {
    function: 'account-api',
    summary: 'Every purpose with its current text and the standing decision',
    auth: user('consents.read'),
    query: v.strictObject({ locale: v.optional(s.language) }),
    answer: { status: 200, body: v.strictObject({ consents: v.array(s.consent) }) },
    errors: [],
  },
  'PUT /v1/me/consents/{purpose}': {
    function: 'account-api',
    summary:
      'Grant or withdraw; a grant names the text that was shown, a withdrawal needs nothing but the decision',
    auth: user('consents.write'),
    body: v.strictObject({
      decision: s.consentDecision,
      version: v.optional(s.version),
      language: v.optional(s.language),
      textHash: v.optional(s.sha256),
    }),
    answer: { status: 200, body: s.consentStanding },
    errors: [
      'CONSENT_PURPOSE_UNKNOWN',
      'CONSENT_TEXT_MISMATCH',
      'CONSENT_CONFLICT',
      'CONSENT_NOT_WITHDRAWABLE',
    ],
  },
  'GET /v1/me/consents/history': {
    function: 'account-api',
    summary: 'Every decision ever made, newest first',
    auth: user('consents.read'),
    query: v.strictObject(s.page),
    answer: {
      status: 200,
      body: v.strictObject({ entries: v.array(s.consentEntry), next: v.optional(v.string()) }),
    },
    errors: [],
  },
  'GET /v1/me/activity': {
    function: 'account-api',
    summary: 'What happened with this account lately, newest first',
    auth: user('activity.read'),
    query: v.strictObject(s.page),
    answer: {
      status: 200,
      body: v.strictObject({ events: v.array(s.activityEvent), next: v.optional(v.string()) }),
    },
    errors: [],
  },
});

export type RouteId = keyof typeof routes;

/** The table as a list, for everything that walks over it. */
export const routeList: readonly Route[] = Object.entries<RouteSpec>(routes).map(([id, spec]) => {
  const [method, path] = id.split(' ') as [HttpMethod, string];
  return { ...spec, id, method, path };
});

export const routesOf = (name: ApiFunction): readonly Route[] =>
  routeList.filter((route) => route.function === name);

/** All codes that a route may answer with, sorted by status in its description. */
export const errorsOf = (route: Route): readonly CiamErrorCode[] => [
  ...commonErrors.all,
  ...(route.body ? commonErrors.withBody : []),
  ...(route.auth.kind === 'user' ? commonErrors.withUser : []),
  ...route.errors,
];
