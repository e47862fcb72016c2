import type { Asked, FlowState } from './flow.ts';

/** `sessionStorage` for codes and passkeys; `localStorage` where a mailed link opens in another tab. */
export interface FlowStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Saved {
  readonly version: 1;
  readonly flow: string;
  /** Absent: a new password is required. */
  readonly asked?: Asked;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A challenge without an end of its own (a passkey, an app) is not worth more time than a mailed one. */
const withoutEndMs = 15 * 60_000;

/**
 * Keeps what a reload must not lose: the sealed flow, which is worth nothing without the device it began on, and what
 * was shown. Never a password, a code or a token.
 */
export function saveFlow<Done extends object>(
  storage: FlowStorage | undefined,
  key: string,
  state: FlowState<Done>,
  now: number,
): void {
  const saved = savedOf(state as FlowState<never>, now);
  if (saved) storage?.setItem(key, JSON.stringify(saved));
  else storage?.removeItem(key);
}

function savedOf(state: FlowState<never>, now: number): Saved | undefined {
  if (state.step === 'new-password-required')
    return { version: 1, flow: state.flow, until: now + withoutEndMs };
  if (state.step !== 'challenge') return undefined;
  const { step: _step, problem: _problem, notice: _notice, flow, ...asked } = state;
  return { version: 1, flow, asked, until: asked.expiresAt ?? now + withoutEndMs };
}

/** What was saved, unless its time is over or it is of another version; that is removed. */
export function loadFlow(
  storage: FlowStorage | undefined,
  key: string,
  now: number,
): FlowState<never> | undefined {
  const saved = parsed(storage?.getItem(key));
  if (saved?.version !== 1 || typeof saved.flow !== 'string' || !(Number(saved.until) > now)) {
    storage?.removeItem(key);
    return undefined;
  }
  return saved.asked
    ? { step: 'challenge', flow: saved.flow, ...saved.asked }
    : { step: 'new-password-required', flow: saved.flow };
}

/** Whatever else is at that key is not ours. */
function parsed(text: string | null | undefined): Partial<Saved> | undefined {
  try {
    return text ? (JSON.parse(text) as Partial<Saved>) : undefined;
  } catch {
    return undefined;
  }
}
