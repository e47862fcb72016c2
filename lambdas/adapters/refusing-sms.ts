import type { SmsSender } from '../ports.ts';

/** Where no SMS is configured: the challenge offers the other methods. */
export const refusingSms: SmsSender = { send: async () => 'refused' };
