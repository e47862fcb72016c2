import * as v from 'valibot';
import { methods } from '../../core/risk/decision.ts';
import * as s from '../schemas.ts';
import { type RouteTable, user } from './table.ts';

const method = v.picklist(methods);

const session = v.strictObject({
  id: v.string(),
  /** The one that asks. */
  current: v.boolean(),
  /** Absent until the sign-in has reached the list; a few seconds. */
  startedAt: v.optional(s.timestamp),
  lastSeenAt: v.optional(s.timestamp),
  /** Coarse label, for example `Firefox on Windows`. */
  device: v.optional(v.string()),
  /** Stands for a network: the same network has the same value. */
  network: v.optional(v.string()),
  methods: v.array(method),
  level: v.picklist([0, 1, 2]),
  client: v.string(),
  door: v.optional(v.picklist(['api', 'sdk', 'managed-login'])),
  name: v.optional(v.string()),
});

const device = v.strictObject({
  id: v.string(),
  /** The one that asks, where it brings its token. */
  current: v.boolean(),
  device: v.optional(v.string()),
  firstSeenAt: s.timestamp,
  lastSeenAt: s.timestamp,
  name: v.optional(v.string()),
});

/** One line that begins and ends with something that shows. */
const naming = v.strictObject({
  name: s.pattern(/^\S([^\r\n\t]{0,62}\S)?$/, 64),
});

const stepUpAnswer = v.variant('state', [
  v.strictObject({ state: v.literal('done'), level: v.picklist([1, 2]), methods: v.array(method) }),
  v.strictObject({ state: v.literal('challenge'), flow: v.string(), challenge: s.challenge }),
]);

/** Sessions and devices of the signed-in person, and raising assurance inside a session. */
export const ownSessionRoutes = {
  'GET /v1/me/sessions': {
    function: 'account-api',
    summary: 'Where you are signed in; a browser session finds its csrf value here again',
    auth: user('sessions.read'),
    answer: {
      status: 200,
      body: v.strictObject({
        sessions: v.array(session),
        csrf: v.optional(v.string()),
        /** Whether operator pages are worth showing: so it was at the sign-in or at the last refresh. */
        operator: v.boolean(),
      }),
    },
    errors: [],
  },
  'PATCH /v1/me/sessions/{id}': {
    function: 'account-api',
    summary: 'Give a session a name',
    auth: user('sessions.write'),
    body: naming,
    answer: { status: 204 },
    errors: ['SESSION_UNKNOWN'],
  },
  'DELETE /v1/me/sessions/{id}': {
    function: 'account-api',
    summary: 'End one session; its next request is refused',
    auth: user('sessions.write'),
    answer: { status: 204 },
    errors: ['SESSION_UNKNOWN'],
  },
  'DELETE /v1/me/sessions': {
    function: 'account-api',
    summary: 'End all sessions but this one',
    auth: user('sessions.write'),
    answer: { status: 204 },
    errors: [],
  },
  'GET /v1/me/devices': {
    function: 'account-api',
    summary: 'Devices on which a sign-in is nothing unusual',
    auth: user('sessions.read'),
    answer: { status: 200, body: v.strictObject({ devices: v.array(device) }) },
    errors: [],
  },
  'PATCH /v1/me/devices/{id}': {
    function: 'account-api',
    summary: 'Give a device a name',
    auth: user('sessions.write'),
    body: naming,
    answer: { status: 204 },
    errors: ['DEVICE_UNKNOWN'],
  },
  'DELETE /v1/me/devices/{id}': {
    function: 'account-api',
    summary: 'Forget a device: the next sign-in on it is challenged',
    auth: user('sessions.write'),
    answer: { status: 204 },
    errors: ['DEVICE_UNKNOWN'],
  },
  'POST /v1/me/step-up': {
    function: 'auth-api',
    summary: 'Prove again that it is you, with the password or any method that you have',
    auth: user('sessions.write'),
    body: v.strictObject({ method: v.optional(s.challengeMethod), password: v.optional(s.password) }),
    answer: { status: 200, body: stepUpAnswer },
    errors: ['SIGN_IN_REJECTED', 'FLOW_REJECTED', 'METHOD_UNAVAILABLE', 'SESSION_REJECTED'],
    throttle: { rate: 50, burst: 100 },
  },
  'POST /v1/me/step-up/answer': {
    function: 'auth-api',
    summary: 'Answer the challenge of a step-up',
    auth: user('sessions.write'),
    body: v.strictObject({
      flow: s.token,
      answer: v.optional(s.methodCode),
      resend: v.optional(v.literal(true)),
      method: v.optional(s.challengeMethod),
      credential: v.optional(s.usedCredential),
      /** Secret of a mailed link, from its fragment. */
      link: v.optional(s.pattern(/^[A-Za-z0-9_-]{44}$/, 44)),
    }),
    answer: { status: 200, body: stepUpAnswer },
    errors: ['FLOW_REJECTED', 'SESSION_REJECTED'],
    throttle: { rate: 100, burst: 200 },
  },
} as const satisfies RouteTable;
