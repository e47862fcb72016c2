import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { PasskeyFailure } from '../../session/passkeys.ts';
import { text } from '../../text/text.ts';

/** Why no passkey came; a dialog that the person closed is no error. */
export function PasskeyProblem({ error }: { readonly error: unknown }) {
  if (!(error instanceof PasskeyFailure)) return <ProblemNotice error={error} area="sign-in" />;
  const isClosed = error.reason !== 'unsupported';
  return (
    <Notice kind={isClosed ? 'info' : 'warning'}>
      {text('sign-in', isClosed ? 'passkey.closed' : 'passkey.unsupported')}
    </Notice>
  );
}
