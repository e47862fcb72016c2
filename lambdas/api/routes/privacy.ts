import * as v from 'valibot';
import * as s from '../schemas.ts';
import { open, type RouteTable, reauthentication, user } from './table.ts';

const epochMs = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Times by pseudonym, in epoch seconds. */
const seen = v.optional(v.record(v.string(), v.number()));

/** Everything that is kept about one person; version 1. Lists are newest first. */
const personalData = v.strictObject({
  version: v.literal(1),
  exportedAt: s.timestamp,
  sub: v.string(),
  account: v.looseObject({
    email: v.optional(v.string()),
    locale: v.optional(v.string()),
    createdAt: v.optional(s.timestamp),
    /** What the user pool has beside our tables, by attribute. */
    directory: v.optional(v.record(v.string(), v.string())),
  }),
  /** Every value with its purpose, source and time, and what is remembered about asking. */
  profile: v.looseObject({ version: v.number(), fields: v.record(v.string(), v.unknown()) }),
  consents: v.strictObject({
    standing: v.array(v.looseObject({ purpose: s.name, decision: s.consentDecision })),
    history: v.array(s.consentEntry),
  }),
  sessions: v.array(v.looseObject({ id: v.string() })),
  devices: v.array(v.looseObject({ id: v.string() })),
  /** Kinds, names and times; never a secret. */
  factors: v.array(v.looseObject({ kind: v.string() })),
  links: v.array(v.looseObject({ id: v.string(), provider: v.string() })),
  lock: v.optional(v.looseObject({ reason: v.string(), at: s.timestamp })),
  recovery: v.optional(v.looseObject({ status: v.string() })),
  /** What the next sign-in is judged by: devices and networks as stand-ins. */
  signInHistory: v.optional(
    v.strictObject({
      devices: seen,
      networks: seen,
      lastSignInAt: v.optional(epochMs),
      lastProofAt: v.optional(epochMs),
      resetAt: v.optional(epochMs),
    }),
  ),
  activity: v.array(v.looseObject({ id: v.string(), type: v.string(), at: s.timestamp })),
  /** Lists that were too long for one answer, and the route that has the rest; empty for nearly everybody. */
  cut: v.array(
    v.strictObject({
      section: v.picklist(['activity', 'consentHistory', 'sessions', 'devices']),
      kept: v.number(),
      rest: v.string(),
    }),
  ),
});

/** The rights of the signed-in person over all of their data, and what pages report about themselves. */
export const privacyRoutes = {
  'GET /v1/me/data': {
    function: 'account-api',
    summary: 'Everything that is kept about you as one document, for download',
    auth: user('privacy.read'),
    assurance: reauthentication,
    answer: { status: 200, body: personalData },
    errors: [],
    throttle: { rate: 50, burst: 100 },
  },
  'POST /v1/me/erasure': {
    function: 'account-api',
    summary:
      'Delete your account: no sign-in and no session from now on, the rest is erased behind the answer',
    auth: user('privacy.write'),
    assurance: reauthentication,
    body: v.strictObject({ confirm: v.literal(true) }),
    answer: { status: 202, body: v.strictObject({ state: v.literal('erasing') }) },
    errors: ['ACCOUNT_LOCKED'],
    throttle: { rate: 50, burst: 100 },
  },
  'POST /v1/script-errors': {
    function: 'auth-api',
    summary: 'An error in the script of a page of ours, for the log; nothing else becomes of it',
    auth: open,
    maxBodyBytes: 2_048,
    body: v.strictObject({
      message: s.text(1, 500),
      /** Path alone: a query or fragment may hold what belongs in no log. */
      page: s.pattern(/^\/[A-Za-z0-9/_.-]*$/, 200),
      /** File and line, as the browser says it, without host. */
      source: v.optional(s.pattern(/^[A-Za-z0-9/_.:-]+$/, 200)),
    }),
    answer: { status: 204 },
    errors: [],
    throttle: { rate: 5, burst: 20 },
  },
} as const satisfies RouteTable;
