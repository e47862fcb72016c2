const key = 'vestibule:known-events';
/** The newest ones; activity is kept for weeks only. */
const maxKnown = 20;

/** Sign-ins that the person of this browser has called their own: ids of events, nothing else. */
export function knownEvents(): readonly string[] {
  const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
  return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
}

/** They did not mean it. */
export const forgetEvent = (id: string): void =>
  localStorage.setItem(key, JSON.stringify(knownEvents().filter((known) => known !== id)));

export const rememberEvent = (id: string): void =>
  localStorage.setItem(key, JSON.stringify([id, ...knownEvents()].slice(0, maxKnown)));
