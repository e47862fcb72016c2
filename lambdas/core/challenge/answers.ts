import { type ChallengeMethod, isChallengeMethod } from '../risk/decision.ts';
import { codeLength } from './flow.ts';

/** Longest answer that is looked at: a context, a sealed challenge and a passkey's answer are about 3,000 characters. */
const maxAnswerLength = 6_000;
/** What is typed from paper, with spaces and hyphens. */
const maxRecoveryCodeLength = 40;
const codeDigits = new RegExp(`^[0-9]{${codeLength}}$`);
const totpDigits = /^[0-9]{6}$/;
const linkToken = /^[A-Za-z0-9_-]{44}$/;

type Fields = Readonly<Record<string, unknown>>;

export interface BeginAnswer {
  readonly context?: string;
  readonly method?: ChallengeMethod;
  /** A passkey that was used before anybody said who signs in. */
  readonly passkey?: PasskeyAnswer;
}

export interface PasskeyAnswer {
  /** AuthenticationResponseJSON as JSON; looked at by whoever verifies it. */
  readonly credential: string;
  /** Signed challenge of `POST /v1/sessions/passkey-options`. */
  readonly challenge: string;
}

export type RoundAnswer =
  | { readonly kind: 'proof'; readonly text: string }
  | { readonly kind: 'resend' }
  | { readonly kind: 'switch'; readonly method: ChallengeMethod }
  /** Not of any form that could be right; counts like a wrong one. */
  | { readonly kind: 'malformed' };

/** Anything unreadable is an answer without a context: unknown, so never an advantage. */
export function readBeginAnswer(answer: string): BeginAnswer {
  const { context, method, passkey } = readObject(answer);
  const used = passkeyAnswer(passkey);
  return {
    ...(typeof context === 'string' && { context }),
    ...(isChallengeMethod(method) && { method }),
    ...(used && { passkey: used }),
  };
}

function passkeyAnswer(value: unknown): PasskeyAnswer | undefined {
  if (!isFields(value) || !isFields(value.credential) || typeof value.challenge !== 'string')
    return undefined;
  return { credential: JSON.stringify(value.credential), challenge: value.challenge };
}

/** The answer to a round of this method: a proof of it, or a wish to be asked again or otherwise. */
export function readRoundAnswer(method: ChallengeMethod, answer: string): RoundAnswer {
  const fields = readObject(answer);
  if (fields.resend === true) return { kind: 'resend' };
  if (isChallengeMethod(fields.method)) return { kind: 'switch', method: fields.method };
  const text = proofs[method](answer, fields);
  return text === undefined ? { kind: 'malformed' } : { kind: 'proof', text };
}

const matching = (form: RegExp) => (answer: string) => (form.test(answer) ? answer : undefined);

const proofs: Readonly<Record<ChallengeMethod, (answer: string, fields: Fields) => string | undefined>> = {
  'email-code': matching(codeDigits),
  'sms-code': matching(codeDigits),
  totp: matching(totpDigits),
  'recovery-code': (answer) =>
    answer.length <= maxRecoveryCodeLength && !answer.startsWith('{') ? answer : undefined,
  passkey: (_, { credential }) => (isFields(credential) ? JSON.stringify(credential) : undefined),
  'magic-link': (_, { link }) => (typeof link === 'string' && linkToken.test(link) ? link : undefined),
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readObject(text: string): Fields {
  if (text.length > maxAnswerLength || !text.startsWith('{')) return {};
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return {}; // the caller's text, not ours: no fault, only no answer
  }
}
