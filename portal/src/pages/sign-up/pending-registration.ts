import { signal } from '@preact/signals';

/** A registration whose address is not proven yet. */
export interface PendingRegistration {
  readonly email: string;
  /** Ties the code to this registration; worth nothing without it. */
  readonly registration: string;
  readonly codeLength: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const key = 'vestibule.registration';

/** Of this tab; it survives a reload. */
export const pending = signal<PendingRegistration | undefined>(undefined);

/** Only in memory, for the sign-in that follows the confirmation; after a reload the person is asked. */
let chosenPassword: string | undefined;

export function keepPending(registration: PendingRegistration, password: string): void {
  sessionStorage.setItem(key, JSON.stringify(registration));
  pending.value = registration;
  chosenPassword = password;
}

/** After a reload: what was kept, unless its time is over. */
export function restorePending(): PendingRegistration | undefined {
  if (pending.value) return pending.value;
  const kept = sessionStorage.getItem(key);
  if (!kept) return undefined;
  const registration = JSON.parse(kept) as PendingRegistration;
  if (registration.expiresAt > Date.now()) pending.value = registration;
  else sessionStorage.removeItem(key);
  return pending.value;
}

/** @returns the password, once */
export function endPending(): string | undefined {
  sessionStorage.removeItem(key);
  const password = chosenPassword;
  chosenPassword = undefined;
  pending.value = undefined;
  return password;
}
