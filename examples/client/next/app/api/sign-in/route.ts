import { handle, shown } from '../../../handle.ts';

export const POST = handle(async ({ signIn, answer }, request) => {
  const { identifier, password } = (await request.json()) as { identifier: string; password: string };
  signIn.reset(); // whatever began before is over
  return answer(shown(await signIn.start({ identifier, password })));
});
