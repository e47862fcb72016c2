import { handle } from '../../../handle.ts';

export const GET = handle(async ({ identity, answer }) => {
  const { email, fields } = await identity.call('GET /v1/me/profile');
  return answer({ email, displayName: fields.displayName?.value });
});
