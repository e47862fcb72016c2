import { useState } from 'preact/hooks';
import { IdentityProblem } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { text } from '../../text/text.ts';
import { useFragment } from './use-fragment.ts';

/** Where the link of the notice leads; opening it does nothing, the button does. */
export default function CancelRecovery() {
  const token = useFragment();
  const [isDone, setIsDone] = useState(false);
  const cancel = useAction(async () => {
    await api.call('POST /v1/recoveries/cancel', { body: { token } });
    setIsDone(true);
  });
  if (isDone) {
    return (
      <PublicPage title={text('sign-in', 'cancel.done.title')}>
        <Notice kind="done">{text('sign-in', 'cancel.done.body')}</Notice>
        <a class="button primary" href={paths.resetPassword}>
          {text('sign-in', 'reset.title')}
        </a>
      </PublicPage>
    );
  }
  const isOver = cancel.error instanceof IdentityProblem && cancel.error.code === 'RECOVERY_REJECTED';
  return (
    <PublicPage title={text('sign-in', 'cancel.title')} lead={text('sign-in', 'cancel.lead')}>
      {token === '' && <Notice kind="warning">{text('sign-in', 'linkPage.noSecret')}</Notice>}
      {isOver ? (
        <Notice kind="warning">{text('sign-in', 'cancel.rejected')}</Notice>
      ) : (
        <ProblemNotice error={cancel.error} area="sign-in" />
      )}
      {token !== '' && !isOver && (
        <Button look="primary" busy={cancel.busy} onClick={() => void cancel.run()}>
          {text('sign-in', 'cancel.submit')}
        </Button>
      )}
      <a href={paths.signIn}>{text('common', 'signIn')}</a>
    </PublicPage>
  );
}
