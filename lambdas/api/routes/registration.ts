import * as v from 'valibot';
import * as s from '../schemas.ts';
import { open, type RouteTable } from './table.ts';

/** Becoming a customer. */
export const registrationRoutes = {
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
    answer: {
      status: 200,
      body: v.strictObject({
        state: v.literal('confirmed'),
        /** Known from now on, in place of the one that was sent: from the device that registered, and no cookie's. */
        deviceToken: v.optional(v.string()),
      }),
    },
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
  'GET /v1/openapi.json': {
    function: 'auth-api',
    summary: 'This description',
    auth: open,
    answer: { status: 200, body: v.record(v.string(), v.unknown()) },
    errors: [],
    throttle: { rate: 20, burst: 40 },
  },
} as const satisfies RouteTable;
