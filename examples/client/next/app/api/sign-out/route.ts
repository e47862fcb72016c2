import { handle } from '../../../handle.ts';

export const POST = handle(async ({ identity, answer }) => {
  await identity.signOut();
  return answer({ step: 'identify' });
});
