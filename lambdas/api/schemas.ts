import * as v from 'valibot';
import { languageTag } from '../core/languages.ts';
import { challengeMethods } from '../core/risk/decision.ts';

/**
 * Building blocks of the request and answer schemas. They convert to JSON Schema draft-04, the subset that API
 * Gateway models know: closed objects, bounded strings, patterns, enums, arrays, integers.
 */
export const text = (min: number, max: number) => v.pipe(v.string(), v.minLength(min), v.maxLength(max));
export const pattern = (expression: RegExp, max: number) =>
  v.pipe(v.string(), v.regex(expression), v.maxLength(max));

/** What a person types to sign in; its exact form is checked by `canonicalIdentifier`. RFC 5321: at most 254. */
export const identifier = text(3, 254);
/** Cognito's own limit is 256. Length and content rules answer with PASSWORD_REFUSED, not here. */
export const password = text(1, 256);
/** Codes are digits; spaces that a mail client or a person puts in are the client's to remove. */
export const code = pattern(/^[0-9]{6,8}$/, 8);
/** A code of any method: digits, or a recovery code as it is printed. */
export const methodCode = pattern(/^[0-9A-Za-z][0-9A-Za-z -]{4,38}[0-9A-Za-z]$/, 40);
export const language = pattern(languageTag, 12);
export const name = pattern(/^[A-Za-z][A-Za-z0-9_.-]*$/, 64);
export const sha256 = pattern(/^[0-9a-f]{64}$/, 64);
export const version = pattern(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 32);
export const timestamp = text(20, 32);
/** 128 random bits, base64url. */
export const handle = pattern(/^[A-Za-z0-9_-]{22}$/, 22);
export const token = text(1, 8192);
export const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));

export const fieldValue = v.union([v.pipe(v.string(), v.maxLength(4096)), v.number(), v.boolean()]);
/** Values by field name; which names and values exist is the profile schema of the configuration. */
export const fieldValues = v.record(v.string(), fieldValue);
/** `null` removes the value. */
export const fieldChanges = v.record(v.string(), v.nullable(fieldValue));

export const consentDecision = v.picklist(['granted', 'withdrawn']);
export const fieldType = v.picklist(['text', 'choice', 'date', 'boolean', 'number']);

/** The answer to one consent text, bound to exactly the text that was shown. */
export const consentGiven = v.strictObject({
  purpose: name,
  decision: consentDecision,
  version,
  language,
  textHash: sha256,
});

/** How a field is asked for; the same in the registration form and in prompts. */
export const fieldQuestion = v.strictObject({
  field: name,
  type: fieldType,
  label: v.string(),
  options: v.optional(v.array(v.string())),
  /** What to show for an option; absent where the options speak for themselves. */
  optionLabels: v.optional(v.record(v.string(), v.string())),
  maxLength: v.optional(v.number()),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
  required: v.boolean(),
  purpose: name,
});

export const page = {
  /** 1 to 100. */
  limit: v.optional(v.pipe(v.string(), v.regex(/^([1-9][0-9]?|100)$/), v.transform(Number))),
  /** Opaque; from `next` of the page before. */
  cursor: v.optional(pattern(/^[A-Za-z0-9_=-]+$/, 512)),
};

export const challengeMethod = v.picklist(challengeMethods);

/** One JSON member of a WebAuthn answer, base64url. */
const webAuthnBytes = (max: number) => pattern(/^[A-Za-z0-9_-]+$/, max);

/** AuthenticationResponseJSON (WebAuthn Level 3 §5.1), as browsers and libraries make it. */
export const usedCredential = v.strictObject({
  id: webAuthnBytes(1_400),
  rawId: webAuthnBytes(1_400),
  type: v.literal('public-key'),
  authenticatorAttachment: v.optional(v.picklist(['platform', 'cross-platform'])),
  clientExtensionResults: v.record(v.string(), v.unknown()),
  response: v.strictObject({
    clientDataJSON: webAuthnBytes(2_048),
    authenticatorData: webAuthnBytes(1_024),
    signature: webAuthnBytes(1_024),
    userHandle: v.optional(webAuthnBytes(128)),
  }),
});

/** What is asked of the person, without a word about the account. */
export const challenge = v.strictObject({
  method: challengeMethod,
  /** Methods that would do as well. */
  methods: v.array(challengeMethod),
  destination: v.optional(v.string()),
  codeLength: v.optional(v.number()),
  expiresInSeconds: v.optional(seconds),
  resendsLeft: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** PublicKeyCredentialRequestOptionsJSON, for navigator.credentials.get. */
  options: v.optional(v.looseObject({ challenge: v.string() })),
});

export const signedIn = v.strictObject({
  state: v.literal('signed-in'),
  accessToken: v.string(),
  idToken: v.string(),
  refreshToken: v.string(),
  expiresInSeconds: seconds,
  tokenType: v.literal('Bearer'),
  deviceToken: v.optional(v.string()),
});

/** A session whose refresh token stays with the server; the browser holds an opaque cookie. */
export const cookieSession = {
  mode: v.literal('cookie'),
  /** Goes back as `x-vestibule-csrf` with every change; the same for the whole session. */
  csrf: v.string(),
  level: v.picklist([0, 1, 2]),
  /** Without a request for this long the session is over. */
  idleSeconds: seconds,
};
export const signedInCookie = v.strictObject({
  state: v.literal('signed-in'),
  ...cookieSession,
});

export const challenged = v.strictObject({
  state: v.literal('challenge'),
  /** Sealed: handed back unread with the answer. */
  flow: v.string(),
  challenge,
  deviceToken: v.optional(v.string()),
});

/** The right password is an administrator's: its owner has to set another one. */
export const newPasswordRequired = v.strictObject({
  state: v.literal('new-password-required'),
  flow: v.string(),
  deviceToken: v.optional(v.string()),
});

export const signInAnswer = v.union([signedIn, signedInCookie, challenged, newPasswordRequired]);

/** Share of the permitted fields' weight that has a value, 0 to 100, rounded down. */
export const completeness = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));

export const profile = v.strictObject({
  /** Version of the fields; 0 before the first one is stored. */
  version: v.number(),
  /** Absent for an account that was not made through our registration, as `createdAt` is until something is stored. */
  email: v.optional(v.string()),
  locale: v.optional(language),
  createdAt: v.optional(timestamp),
  fields: v.record(
    v.string(),
    v.strictObject({
      value: fieldValue,
      purpose: name,
      source: v.picklist(['registration', 'prompt', 'profile', 'import']),
      at: timestamp,
    }),
  ),
  completeness,
  /** Every field that may be filled now, with or without a value, in the order of the configuration. */
  schema: v.array(fieldQuestion),
});

export const consent = v.strictObject({
  purpose: name,
  /** Its name for people, in the language of the text. */
  label: v.optional(v.string()),
  basis: v.picklist(['consent', 'contract']),
  required: v.boolean(),
  /** The current text, in the language asked for or the default one. */
  version,
  language,
  text: v.string(),
  textHash: sha256,
  /** True when there is no answer that covers the current text. */
  ask: v.boolean(),
  /** True when data may be used for the purpose now: by contract, or by a grant that covers the current text. */
  active: v.boolean(),
  /** The standing decision; absent when never asked. */
  standing: v.optional(
    v.strictObject({ decision: consentDecision, version, language, textHash: sha256, at: timestamp }),
  ),
});

const consentFacts = {
  /** Id of the ledger entry. */
  id: v.string(),
  purpose: name,
  decision: consentDecision,
  version,
  language,
  textHash: sha256,
  at: timestamp,
};

/** The decision that stands after an answer. */
export const consentStanding = v.strictObject(consentFacts);

export const consentEntry = v.strictObject({
  ...consentFacts,
  source: v.picklist(['registration', 'privacy-page', 'prompt', 'import']),
});

export const activityEvent = v.strictObject({
  id: v.string(),
  type: v.string(),
  at: timestamp,
  /** Who did it: the person (or whoever claimed to be), an operator, or the service by itself. */
  actor: v.picklist(['self', 'operator', 'system']),
  outcome: v.picklist(['success', 'refused', 'failure']),
  reasons: v.array(v.string()),
  door: v.optional(v.picklist(['api', 'sdk', 'managed-login'])),
  device: v.optional(v.string()),
  /** Stands for a network: the same network has the same value. */
  network: v.optional(v.string()),
  /** Facts by event type: names, counts, versions, codes. */
  data: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
});
