import type { InferInput } from 'valibot';
import type { RouteId, routes } from './routes.ts';

type BodyOf<Id extends RouteId> = (typeof routes)[Id] extends { readonly body: infer S }
  ? S extends Parameters<typeof import('valibot').safeParse>[0]
    ? InferInput<S>
    : never
  : never;

const email = 'ada@example.com';
const registration = 'q2bX0v1uT5m8y7wKc4RzNg';
const textHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const consent = { purpose: 'terms', decision: 'granted', version: '1', language: 'en', textHash } as const;

/** One request body per route that takes one; a test holds each against its schema. */
export const bodyExamples: { readonly [Id in RouteId]?: BodyOf<Id> } = {
  'POST /v1/me/passkeys': {
    credential: {
      id: 'q2bX0v1uT5m8y7wKc4RzNg',
      rawId: 'q2bX0v1uT5m8y7wKc4RzNg',
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: 'eyJ0eXBlIjoi',
        attestationObject: 'o2NmbXRkbm9uZQ',
        transports: ['internal'],
      },
    },
    name: 'Laptop',
  },
  'PATCH /v1/me/passkeys/{id}': { name: 'Laptop' },
  'POST /v1/me/totp/confirm': { code: '123456', name: 'Phone' },
  'POST /v1/me/phone': { number: '+4915112345678' },
  'POST /v1/me/phone/confirm': { code: '123456' },
  'POST /v1/me/erasure': { confirm: true },
  'POST /v1/script-errors': {
    message: 'TypeError: undefined is not a function',
    page: '/portal/sign-in',
    source: '/portal/assets/app.js:1:2048',
  },
  'POST /v1/me/links': { code: '7K3M-Q9TX' },
  'POST /v1/me/password': { password: 'four other words now' },
  'POST /v1/me/email': { email: 'ada@new.example' },
  'POST /v1/me/email/confirm': { code: '123456' },
  'POST /v1/registrations': {
    email,
    password: 'four words are plenty',
    locale: 'en',
    profile: { givenName: 'Ada' },
    consents: [consent],
  },
  'POST /v1/registrations/confirm': { email, registration, code: '123456' },
  'POST /v1/registrations/resend': { email, registration },
  'POST /v1/contexts': { identifier: email, use: 'sign-in' },
  'POST /v1/sessions': { identifier: email, password: 'four words are plenty' },
  'POST /v1/sessions/challenge': { flow: 'eyJhbGciOiJkaXIi…', answer: '123456' },
  'POST /v1/sessions/provider': { provider: 'Google' },
  'POST /v1/sessions/provider/complete': {
    state: 'Bq7yO6zvD0bV2Uu8yQ0yYb3m8c2o6m1oVg3oQ5q2d1E',
    code: '2d1a6f0e-6f0f-4a39-9f8b-5b1f1c7f9a10',
  },
  'POST /v1/sessions/refresh': { refreshToken: 'eyJjdHkiOiJKV1Qi…' },
  'POST /v1/sessions/sign-out': { refreshToken: 'eyJjdHkiOiJKV1Qi…' },
  'POST /v1/password-resets': { identifier: email },
  'POST /v1/password-resets/confirm': {
    identifier: email,
    code: '123456',
    password: 'four other words now',
  },
  'POST /v1/recoveries': { identifier: email },
  'POST /v1/recoveries/confirm': { identifier: email, code: '12345678', password: 'four words are plenty' },
  'POST /v1/recoveries/cancel': { token: '6f1c2d3e-…' },
  'POST /v1/recoveries/complete': { identifier: email, code: '12345678', password: 'four words are plenty' },
  'POST /v1/admin/people/look-up': { identifier: email, reason: 'owner-asked' },
  'POST /v1/admin/people/{sub}/lock': { reason: 'account-takeover', note: 'Reported by phone, ticket 4711.' },
  'POST /v1/admin/people/{sub}/unlock': { reason: 'owner-asked' },
  'POST /v1/admin/people/{sub}/reset': { reason: 'breached-password' },
  'POST /v1/admin/people/{sub}/sessions/end': { reason: 'stolen-session' },
  'POST /v1/admin/people/{sub}/recovery': { reason: 'owner-asked' },
  'POST /v1/admin/session-endings': {
    reason: 'incident',
    query: { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', address: '203.0.113.7' },
  },
  'POST /v1/admin/session-endings/{id}/confirm': { reason: 'incident' },
  'POST /v1/admin/session-endings/{id}/run': { reason: 'incident', limit: 200 },
  'PATCH /v1/me/sessions/{id}': { name: 'Phone in the kitchen' },
  'PATCH /v1/me/devices/{id}': { name: 'Old laptop' },
  'POST /v1/me/step-up': { password: 'four words are plenty' },
  'POST /v1/me/step-up/answer': { flow: 'eyJhbGciOiJkaXIi…', answer: '123456' },
  'PATCH /v1/me/profile': { fields: { givenName: 'Ada', city: null } },
  'PUT /v1/me/prompts/{field}': { answer: 'Lisbon' },
  'PUT /v1/me/consents/{purpose}': { decision: 'granted', version: '1', language: 'en', textHash },
};
