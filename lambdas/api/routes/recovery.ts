import * as v from 'valibot';
import * as s from '../schemas.ts';
import { open, type RouteTable } from './table.ts';

const proof = v.strictObject({ identifier: s.identifier, code: s.code, password: s.password });
const throttle = { rate: 20, burst: 40 };

/** The way back for somebody who lost every further factor. */
export const recoveryRoutes = {
  'POST /v1/recoveries': {
    function: 'auth-api',
    summary: 'Have a code mailed to recover an account; the answer is the same for every address',
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
    throttle,
  },
  'POST /v1/recoveries/confirm': {
    function: 'auth-api',
    summary:
      'Prove mailbox and password; from then on the waiting time runs, and the owner is told on every channel',
    auth: open,
    body: proof,
    answer: {
      status: 200,
      body: v.strictObject({
        /** `not-needed`: the account has no further factor. */
        state: v.picklist(['waiting', 'ready', 'not-needed']),
        readyAt: v.optional(s.timestamp),
        expiresAt: v.optional(s.timestamp),
      }),
    },
    errors: ['RECOVERY_REJECTED'],
    uniform: 'refusals',
    throttle,
  },
  'POST /v1/recoveries/cancel': {
    function: 'auth-api',
    summary: 'Stop a recovery with the link of its notice; opening the link does nothing, this call does',
    auth: open,
    body: v.strictObject({ token: s.token }),
    answer: { status: 200, body: v.strictObject({ state: v.literal('cancelled') }) },
    errors: ['RECOVERY_REJECTED'],
    uniform: 'refusals',
    throttle,
  },
  'POST /v1/recoveries/complete': {
    function: 'auth-api',
    summary:
      'After the waiting time, with a new code: removes every further factor and ends every session of the account',
    auth: open,
    body: proof,
    answer: { status: 200, body: v.strictObject({ state: v.literal('completed') }) },
    errors: ['RECOVERY_REJECTED', 'RECOVERY_WAITING'],
    uniform: 'refusals',
    throttle,
  },
} as const satisfies RouteTable;
