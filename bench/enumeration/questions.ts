import { freshAddress, type Kind, type Post, password } from './addresses.ts';

/** A call that a stranger can make about an address, to learn whether it is anybody's. */
export interface Question {
  readonly route: string;
  /** Heavy: computes a password proof or sends a mail. */
  readonly work: 'light' | 'heavy';
  ask(email: string, kind: Kind, consents: readonly object[]): Post;
}

const handle = 'A'.repeat(22);
const code = '123456';

/** Every public route that takes an address. */
export const questions: readonly Question[] = [
  {
    route: 'POST /v1/registrations',
    work: 'heavy',
    // A registration makes its address known: the next one needs another.
    ask: (email, kind, consents) => ({
      path: '/v1/registrations',
      body: { email: kind === 'unknown' ? freshAddress() : email, password, consents },
    }),
  },
  {
    route: 'POST /v1/registrations under another brand',
    work: 'heavy',
    ask: (email, kind, consents) => ({
      path: '/v1/registrations',
      body: { email: kind === 'unknown' ? freshAddress() : email, password, consents },
      headers: { 'x-vestibule-brand': 'hearth' },
    }),
  },
  {
    route: 'POST /v1/registrations/confirm',
    work: 'light',
    ask: (email) => ({ path: '/v1/registrations/confirm', body: { email, registration: handle, code } }),
  },
  {
    route: 'POST /v1/registrations/resend',
    work: 'light',
    ask: (email) => ({ path: '/v1/registrations/resend', body: { email, registration: handle } }),
  },
  {
    route: 'POST /v1/contexts',
    work: 'light',
    ask: (identifier) => ({ path: '/v1/contexts', body: { identifier } }),
  },
  {
    route: 'POST /v1/sessions',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/sessions', body: { identifier, password: `not ${password}` } }),
  },
  {
    route: 'POST /v1/sessions without a password',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/sessions', body: { identifier, method: 'magic-link' } }),
  },
  {
    route: 'POST /v1/password-resets',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/password-resets', body: { identifier } }),
  },
  {
    route: 'POST /v1/password-resets/confirm',
    work: 'light',
    ask: (identifier) => ({
      path: '/v1/password-resets/confirm',
      body: { identifier, code, password: `another ${password}` },
    }),
  },
  {
    route: 'POST /v1/recoveries',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/recoveries', body: { identifier } }),
  },
  {
    route: 'POST /v1/recoveries/confirm',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/recoveries/confirm', body: { identifier, code, password } }),
  },
  {
    route: 'POST /v1/recoveries/complete',
    work: 'heavy',
    ask: (identifier) => ({ path: '/v1/recoveries/complete', body: { identifier, code, password } }),
  },
];
