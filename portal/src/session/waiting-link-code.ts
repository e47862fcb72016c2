import { signal } from '@preact/signals';

/** The code of a provider's sign-in on its way to the page that links; in memory only, it is worth something for minutes. */
export const waitingLinkCode = signal('');
