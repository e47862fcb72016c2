import { Notice } from '../kit/notice.tsx';
import { ProblemNotice } from '../kit/problem-notice.tsx';
import { text } from '../text/text.ts';
import { PasskeyFailure } from './passkeys.ts';

/** What went wrong with a change or a proof; nothing without an error. */
export function ChangeProblem({ error }: { readonly error: unknown }) {
  if (error instanceof PasskeyFailure) {
    return <Notice kind="error">{text('security', `passkey.${error.reason}`)}</Notice>;
  }
  return <ProblemNotice error={error} area="security" />;
}
