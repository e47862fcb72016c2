import type { SignInState } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { problemText } from '../../kit/problem-notice.tsx';
import { paths } from '../../paths.ts';
import { text } from '../../text/text.ts';

export interface EndedStepProps {
  readonly state: Extract<SignInState, { readonly step: 'expired' | 'refused' }>;
  readonly onStartOver: () => void;
}

/** The end of a sign-in that led nowhere, and what helps. */
export function EndedStep({ state, onStartOver }: EndedStepProps) {
  const next = state.step === 'refused' ? state.next : 'start-over';
  return (
    <>
      <Notice kind="warning">{why(state)}</Notice>
      <div class="stack">
        {next === 'confirm' && (
          <a class="button primary" href={paths.signUp}>
            {text('sign-in', 'new')}
          </a>
        )}
        {next === 'reset-password' && (
          <a class="button primary" href={paths.resetPassword}>
            {text('sign-in', 'reset.title')}
          </a>
        )}
        <Button look={next === 'start-over' ? 'primary' : 'secondary'} onClick={onStartOver}>
          {text('sign-in', 'startOver')}
        </Button>
      </div>
    </>
  );
}

function why(state: EndedStepProps['state']): string {
  if (state.step === 'expired') return text('sign-in', 'over.body');
  if (state.next !== 'start-over') return text('sign-in', `refused.${state.next}`);
  return state.problem.code === 'SIGN_IN_REJECTED'
    ? text('sign-in', 'over.body')
    : problemText(state.problem, 'sign-in');
}
