import * as v from 'valibot';
import * as s from '../schemas.ts';
import { type RouteTable, reauthentication, user } from './table.ts';

const read = user('security.read');
const write = user('security.write');

/** One JSON member of a WebAuthn answer, base64url. */
const bytes = (max: number) => s.pattern(/^[A-Za-z0-9_-]+$/, max);

/** RegistrationResponseJSON (WebAuthn Level 3 §5.1), as browsers and libraries make it. */
const createdCredential = v.strictObject({
  id: bytes(1_400),
  rawId: bytes(1_400),
  type: v.literal('public-key'),
  authenticatorAttachment: v.optional(v.picklist(['platform', 'cross-platform'])),
  clientExtensionResults: v.record(v.string(), v.unknown()),
  response: v.strictObject({
    clientDataJSON: bytes(4_096),
    attestationObject: bytes(8_192),
    transports: v.optional(v.pipe(v.array(s.text(1, 32)), v.maxLength(10))),
    authenticatorData: v.optional(bytes(4_096)),
    publicKey: v.optional(bytes(2_048)),
    publicKeyAlgorithm: v.optional(v.number()),
  }),
});

const times = { enrolledAt: s.timestamp, lastUsedAt: v.optional(s.timestamp) };
const friendlyName = s.text(1, 64);
const passkey = v.strictObject({
  id: v.string(),
  name: v.string(),
  /** Kept by a password manager on several devices. */
  synced: v.boolean(),
  ...times,
});
const totp = v.strictObject({ name: v.string(), ...times });
const phone = v.strictObject({
  /** First and last digits. */
  number: v.string(),
  country: v.string(),
  ...times,
});
const codeSent = v.strictObject({
  destination: v.string(),
  codeLength: v.number(),
  expiresInSeconds: s.seconds,
});

/** Factors of the signed-in person: passkeys, authenticator app, phone, recovery codes, password, address. */
export const securityRoutes = {
  'GET /v1/me/factors': {
    function: 'account-api',
    summary: 'Every further factor of the person, and which kinds can be added',
    auth: read,
    answer: {
      status: 200,
      body: v.strictObject({
        passkeys: v.array(passkey),
        totp: v.optional(totp),
        phone: v.optional(phone),
        recoveryCodes: v.optional(v.strictObject({ left: v.number(), createdAt: s.timestamp })),
        canEnrol: v.array(v.picklist(['passkey', 'totp', 'phone', 'recovery-codes'])),
      }),
    },
    errors: [],
  },
  'POST /v1/me/passkeys/options': {
    function: 'account-api',
    summary: 'Options for navigator.credentials.create; good for one answer within five minutes',
    auth: write,
    assurance: reauthentication,
    answer: {
      status: 200,
      /** PublicKeyCredentialCreationOptionsJSON */
      body: v.strictObject({ options: v.looseObject({ challenge: v.string() }) }),
    },
    errors: ['METHOD_UNAVAILABLE', 'FACTOR_LIMIT'],
  },
  'POST /v1/me/passkeys': {
    function: 'account-api',
    summary: 'Add the passkey that the browser made',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ credential: createdCredential, name: v.optional(friendlyName) }),
    answer: { status: 201, body: passkey },
    errors: ['FACTOR_REJECTED', 'METHOD_UNAVAILABLE', 'FACTOR_LIMIT', 'FACTOR_CONFLICT'],
  },
  'PATCH /v1/me/passkeys/{id}': {
    function: 'account-api',
    summary: 'Name a passkey',
    auth: write,
    body: v.strictObject({ name: friendlyName }),
    answer: { status: 200, body: passkey },
    errors: ['FACTOR_UNKNOWN', 'FACTOR_CONFLICT'],
  },
  'DELETE /v1/me/passkeys/{id}': {
    function: 'account-api',
    summary: 'Remove a passkey; the recovery codes go with the last factor',
    auth: write,
    assurance: reauthentication,
    answer: { status: 204 },
    errors: ['FACTOR_UNKNOWN', 'FACTOR_REQUIRED', 'FACTOR_CONFLICT'],
  },
  'POST /v1/me/totp': {
    function: 'account-api',
    summary: 'A secret for an authenticator app, also as the URI that a QR code carries',
    auth: write,
    assurance: reauthentication,
    answer: {
      status: 200,
      body: v.strictObject({ secret: v.string(), uri: v.string(), expiresInSeconds: s.seconds }),
    },
    errors: ['METHOD_UNAVAILABLE'],
  },
  'POST /v1/me/totp/confirm': {
    function: 'account-api',
    summary: 'Add the app by a code that it shows; it takes the place of one that was there',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ code: s.code, name: v.optional(friendlyName) }),
    answer: { status: 201, body: totp },
    errors: ['CODE_REJECTED', 'METHOD_UNAVAILABLE', 'FACTOR_CONFLICT'],
  },
  'DELETE /v1/me/totp': {
    function: 'account-api',
    summary: 'Remove the authenticator app',
    auth: write,
    assurance: reauthentication,
    answer: { status: 204 },
    errors: ['FACTOR_UNKNOWN', 'FACTOR_REQUIRED', 'FACTOR_CONFLICT'],
  },
  'POST /v1/me/phone': {
    function: 'account-api',
    summary: 'Have a code sent to a phone number',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ number: s.text(8, 32) }),
    answer: { status: 202, body: codeSent },
    errors: ['METHOD_UNAVAILABLE', 'MESSAGE_BUDGET_SPENT'],
    throttle: { rate: 20, burst: 40 },
  },
  'POST /v1/me/phone/confirm': {
    function: 'account-api',
    summary: 'Add the number by the code; it takes the place of one that was there',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ code: s.code }),
    answer: { status: 201, body: phone },
    errors: ['CODE_REJECTED', 'METHOD_UNAVAILABLE', 'FACTOR_CONFLICT'],
  },
  'DELETE /v1/me/phone': {
    function: 'account-api',
    summary: 'Remove the phone number',
    auth: write,
    assurance: reauthentication,
    answer: { status: 204 },
    errors: ['FACTOR_UNKNOWN', 'FACTOR_REQUIRED', 'FACTOR_CONFLICT'],
  },
  'POST /v1/me/recovery-codes': {
    function: 'account-api',
    summary: 'Ten new recovery codes, shown this once; older ones are void',
    auth: write,
    assurance: reauthentication,
    answer: {
      status: 201,
      body: v.strictObject({ codes: v.array(v.string()), createdAt: s.timestamp }),
    },
    errors: ['METHOD_UNAVAILABLE', 'FACTOR_REQUIRED', 'FACTOR_CONFLICT'],
    throttle: { rate: 10, burst: 20 },
  },
  'POST /v1/me/password': {
    function: 'account-api',
    summary: 'Change the password; every session ends, also this one',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ password: s.password }),
    answer: {
      status: 200,
      body: v.strictObject({ state: v.literal('changed'), sessions: v.literal('ended') }),
    },
    errors: ['PASSWORD_REFUSED', 'METHOD_UNAVAILABLE'],
    throttle: { rate: 20, burst: 40 },
  },
  'POST /v1/me/email': {
    function: 'account-api',
    summary: 'Have a code sent to a new address; the answer is the same when it is somebody else’s',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ email: s.identifier }),
    answer: { status: 202, body: codeSent },
    errors: ['MAIL_DOMAIN_REFUSED'],
    uniform: 'all',
    throttle: { rate: 20, burst: 40 },
  },
  'POST /v1/me/email/confirm': {
    function: 'account-api',
    summary: 'Put the new address in force with the code',
    auth: write,
    assurance: reauthentication,
    body: v.strictObject({ code: s.code }),
    answer: { status: 200, body: v.strictObject({ email: v.string() }) },
    errors: ['CODE_REJECTED', 'ADDRESS_TAKEN', 'METHOD_UNAVAILABLE', 'FACTOR_CONFLICT'],
  },
} as const satisfies RouteTable;
