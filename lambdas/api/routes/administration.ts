import * as v from 'valibot';
import { operatorReasons } from '../../core/administration/operator-event.ts';
import * as s from '../schemas.ts';
import { statisticsAnswer, statisticsQuery } from './statistics.ts';
import { operator, operatorAssurance, type RouteTable } from './table.ts';

const reading = {
  function: 'admin-api',
  auth: operator('operators.read'),
  assurance: operatorAssurance,
} as const;
const writing = {
  function: 'admin-api',
  auth: operator('operators.write'),
  assurance: operatorAssurance,
} as const;
const throttle = { rate: 20, burst: 40 };

/** Why; it becomes part of the event. What needs words goes into `note`, which is kept out of events. */
const reason = v.picklist(operatorReasons);
const note = v.optional(s.text(1, 500));
/** It was so before: somebody else was faster, or a call is repeated. A lock that stood keeps its reason. */
const already = v.boolean();
const reasoned = v.strictObject({ reason });
const sub = s.pattern(/^[A-Za-z0-9-]{1,64}$/, 64);
const pseudonym = s.pattern(/^[A-Za-z0-9_-]{22}$/, 22);
const ulid = s.pattern(/^[0-9A-HJKMNP-TV-Z]{26}$/, 26);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const recoveryState = v.picklist(['none', 'requested', 'ready', 'completed', 'cancelled', 'expired']);

/** As the registry of sessions knows it; what is unknown is absent. */
const knownSession = v.strictObject({
  id: v.string(),
  client: v.optional(v.string()),
  startedAt: v.optional(s.timestamp),
  lastSeenAt: v.optional(s.timestamp),
  endedAt: v.optional(s.timestamp),
  device: v.optional(v.string()),
  network: v.optional(v.string()),
  provider: v.optional(v.string()),
  level: v.optional(v.number()),
  methods: v.optional(v.array(v.string())),
});

const operatorEvent = v.strictObject({ ...s.activityEvent.entries, flow: v.optional(v.string()) });

const person = v.strictObject({
  sub,
  status: v.string(),
  enabled: v.boolean(),
  createdAt: v.optional(s.timestamp),
  lock: v.optional(v.strictObject({ reason: v.string(), at: s.timestamp, by: v.string(), note })),
  factors: v.strictObject({
    passkeys: count,
    totp: v.boolean(),
    phone: v.boolean(),
    recoveryCodesLeft: count,
  }),
  /** Accounts at providers that sign in as this person; `primary`: it came into being with it. */
  links: v.array(v.strictObject({ provider: v.string(), primary: v.boolean(), linkedAt: s.timestamp })),
  recovery: v.strictObject({
    state: recoveryState,
    by: v.optional(v.picklist(['self', 'operator'])),
    readyAt: v.optional(s.timestamp),
    expiresAt: v.optional(s.timestamp),
  }),
  sessions: v.array(knownSession),
  /** `flow`: ask for its decision. Facts are complete here: the score, and which operator acted. */
  activity: v.array(operatorEvent),
  /** Newest of what was tried with the person's address while nobody was known to be behind it: wrong passwords, locks. */
  attempts: v.array(operatorEvent),
  /** For `before`: there are older events. */
  next: v.optional(v.string()),
  /** Further accounts with the address that was looked for, which no provider that counts has vouched for. */
  others: v.array(sub),
});

const cohort = v.strictObject({
  id: v.string(),
  state: v.picklist(['previewed', 'expired', 'running', 'finished']),
  /** Of the preview; `exact` is false where it stopped counting. */
  matches: v.strictObject({ sessions: count, people: count, exact: v.boolean() }),
  expiresAt: v.optional(s.timestamp),
  ended: v.strictObject({ sessions: count, people: count }),
});

/** Why a sign-in was let through, challenged or refused. */
const decision = v.strictObject({
  flow: v.string(),
  at: s.timestamp,
  /** `events`: the record is gone; values, weights, thresholds and state are absent, and only the codes are left. */
  source: v.picklist(['record', 'events']),
  outcome: v.picklist(['allow', 'challenge', 'deny']),
  enforcedOutcome: v.optional(v.picklist(['allow', 'challenge', 'deny'])),
  score: v.optional(v.number()),
  policyVersion: v.optional(v.number()),
  policy: v.optional(
    v.strictObject({ mode: v.picklist(['enforce', 'monitor']), challengeAt: v.number(), denyAt: v.number() }),
  ),
  signals: v.array(
    v.strictObject({
      code: v.string(),
      value: v.optional(v.union([v.number(), v.string()])),
      weight: v.optional(v.number()),
    }),
  ),
  methods: v.array(v.string()),
  reasons: v.array(v.string()),
  state: v.optional(v.picklist(['allowed', 'challenged', 'proven', 'denied'])),
  proven: v.optional(v.array(v.string())),
  door: v.optional(v.picklist(['api', 'sdk', 'managed-login'])),
  client: v.optional(v.string()),
  device: v.optional(v.string()),
  network: v.optional(v.string()),
});

const moment = s.timestamp;

/** What operators do with accounts and sessions. Personal data is in bodies, never in an address. */
export const administrationRoutes = {
  'POST /v1/admin/people/look-up': {
    ...reading,
    summary:
      'One person by exact identifier, sub or provider identity: state, factors by kind, sessions, lock, recovery, activity',
    body: v.strictObject({
      identifier: v.optional(s.identifier),
      sub: v.optional(sub),
      /** The person's account at a provider: its name in the configuration, and the id that it has for the person. */
      identity: v.optional(v.strictObject({ provider: s.text(1, 32), subject: s.text(1, 256) })),
      reason,
      /** Events older than this one: `next` of the page before. */
      before: v.optional(ulid),
    }),
    answer: { status: 200, body: person },
    errors: ['ACCOUNT_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'GET /v1/admin/people/{sub}/consents': {
    ...reading,
    summary: 'What a person agreed to: standing decisions, and every answer from the newest on',
    query: v.strictObject({ reason, after: v.optional(ulid) }),
    answer: {
      status: 200,
      body: v.strictObject({
        standing: v.array(s.consentStanding),
        history: v.array(s.consentEntry),
        /** For `after` of the next page. */
        next: v.optional(v.string()),
      }),
    },
    errors: ['ACCOUNT_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'GET /v1/admin/people/{sub}/decisions/{flow}': {
    ...reading,
    summary: 'Why a sign-in was let through, challenged or refused',
    query: reasoned,
    answer: { status: 200, body: decision },
    errors: ['ACCOUNT_UNKNOWN', 'DECISION_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'GET /v1/admin/statistics': {
    ...reading,
    summary:
      'How often things happened, by hour or day: registrations, sign-ins, challenges, messages and more',
    query: statisticsQuery,
    answer: { status: 200, body: statisticsAnswer },
    errors: ['STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/people/{sub}/lock': {
    ...writing,
    summary: 'Lock an account: no sign-in by any door, every session over',
    body: v.strictObject({ reason, note }),
    answer: { status: 200, body: v.strictObject({ state: v.literal('locked'), already }) },
    errors: ['ACCOUNT_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/people/{sub}/unlock': {
    ...writing,
    summary: 'Let a locked account sign in again; its sessions stay over',
    body: reasoned,
    answer: { status: 200, body: v.strictObject({ state: v.literal('unlocked'), already }) },
    errors: ['ACCOUNT_UNKNOWN', 'ERASURE_UNDER_WAY', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/people/{sub}/reset': {
    ...writing,
    summary: 'Force a new password: a code is mailed, the old password and every session are over',
    body: reasoned,
    answer: { status: 200, body: v.strictObject({ state: v.literal('reset-required') }) },
    errors: ['ACCOUNT_UNKNOWN', 'ACCOUNT_LOCKED', 'METHOD_UNAVAILABLE', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/people/{sub}/sessions/end': {
    ...writing,
    summary: 'End every session of a person',
    body: reasoned,
    answer: { status: 200, body: v.strictObject({ state: v.literal('ended') }) },
    errors: ['ACCOUNT_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/people/{sub}/recovery': {
    ...writing,
    summary: 'Start the delayed recovery for a person; there is no shorter way',
    body: reasoned,
    answer: {
      status: 200,
      body: v.strictObject({
        state: v.picklist(['waiting', 'ready', 'not-needed']),
        readyAt: v.optional(s.timestamp),
        expiresAt: v.optional(s.timestamp),
      }),
    },
    errors: ['ACCOUNT_UNKNOWN', 'ACCOUNT_LOCKED', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/session-endings': {
    ...writing,
    summary: 'Preview the ending of a cohort of sessions; nothing ends before it is confirmed',
    body: v.strictObject({
      reason,
      note,
      /** Sessions that began in a time, and share what else is given. */
      query: v.optional(
        v.strictObject({
          from: moment,
          to: v.optional(moment),
          client: v.optional(s.pattern(/^[A-Za-z0-9_+-]{1,128}$/, 128)),
          network: v.optional(pseudonym),
          /** An IP address; its network is what counts, and only as a pseudonym. */
          address: v.optional(s.text(2, 45)),
          provider: v.optional(s.text(1, 32)),
        }),
      ),
      /** Every session of these people, for example from the list of a breach. */
      list: v.optional(
        v.strictObject({
          subs: v.optional(v.pipe(v.array(sub), v.maxLength(10_000))),
          identifiers: v.optional(v.pipe(v.array(s.identifier), v.maxLength(10_000))),
        }),
      ),
    }),
    maxBodyBytes: 1_048_576,
    answer: {
      status: 201,
      body: v.strictObject({ ...cohort.entries, sample: v.array(v.string()), unknown: count }),
    },
    errors: ['STEP_UP_REQUIRED'],
    throttle: { rate: 2, burst: 4 },
  },
  'GET /v1/admin/session-endings/{id}': {
    ...reading,
    summary: 'How far the ending of a cohort has come',
    query: reasoned,
    answer: { status: 200, body: cohort },
    errors: ['SESSION_UNKNOWN', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/session-endings/{id}/confirm': {
    ...writing,
    summary: 'Confirm what was previewed, within 15 minutes',
    body: reasoned,
    answer: { status: 200, body: cohort },
    errors: ['SESSION_UNKNOWN', 'COHORT_CONFLICT', 'STEP_UP_REQUIRED'],
    throttle,
  },
  'POST /v1/admin/session-endings/{id}/run': {
    ...writing,
    summary: 'End the next sessions of a confirmed cohort; call it until its state is finished',
    body: v.strictObject({
      reason,
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500))),
    }),
    answer: { status: 200, body: cohort },
    errors: ['SESSION_UNKNOWN', 'COHORT_CONFLICT', 'STEP_UP_REQUIRED'],
    throttle,
  },
} as const satisfies RouteTable;
