import type { ChallengeMethod } from '../risk/decision.ts';
import { codeLength } from './flow.ts';

/** Longest answer that is looked at: a context has about 500 characters. */
const maxAnswerLength = 4_096;
const digits = new RegExp(`^[0-9]{${codeLength}}$`);

export interface BeginAnswer {
  readonly context?: string;
  readonly method?: ChallengeMethod;
}

export type CodeAnswer =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'resend' }
  /** Not of any form that could be right; counts like a wrong code. */
  | { readonly kind: 'malformed' };

/** Anything unreadable is an answer without a context: unknown, so never an advantage. */
export function readBeginAnswer(answer: string): BeginAnswer {
  const value = readObject(answer);
  const context = value?.context;
  const method = value?.method;
  return {
    ...(typeof context === 'string' && { context }),
    ...(method === 'email-code' && { method }),
  };
}

export function readCodeAnswer(answer: string): CodeAnswer {
  if (digits.test(answer)) return { kind: 'code', code: answer };
  return readObject(answer)?.resend === true ? { kind: 'resend' } : { kind: 'malformed' };
}

function readObject(text: string): Record<string, unknown> | undefined {
  if (text.length > maxAnswerLength || !text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // the caller's text, not ours: no fault, only no answer
  }
}
