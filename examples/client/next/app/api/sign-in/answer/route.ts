import { handle, shown } from '../../../../handle.ts';

export const POST = handle(async ({ signIn, answer }, request) => {
  const { code } = (await request.json()) as { code: string };
  return answer(shown(await signIn.answer(code)));
});
