import * as v from 'valibot';
import * as s from '../schemas.ts';
import { type RouteTable, user } from './table.ts';

/** Profile, questions, consents and activity of the signed-in person. */
export const accountRoutes = {
  'GET /v1/me/profile': {
    function: 'account-api',
    summary: 'The profile of the signed-in person, with its version as ETag',
    auth: user('profile.read'),
    query: v.strictObject({ locale: v.optional(s.language) }),
    answer: { status: 200, body: s.profile },
    errors: [],
  },
  'PATCH /v1/me/profile': {
    function: 'account-api',
    summary: 'Change fields of the profile; null removes one',
    auth: user('profile.write'),
    query: v.strictObject({ locale: v.optional(s.language) }),
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
} as const satisfies RouteTable;
