import type { ChallengeMethod, SignInState } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { paths } from '../../paths.ts';
import { text } from '../../text/text.ts';
import { CodeChallenge } from './code-challenge.tsx';
import { signIn } from './flow.ts';
import { LinkChallenge } from './link-challenge.tsx';
import { PasskeyChallenge } from './passkey-challenge.tsx';
import { Ways } from './ways.tsx';

export type ChallengeState = Extract<SignInState, { readonly step: 'challenge' }>;

export interface ChallengeProps {
  readonly state: ChallengeState;
}

export type CodeMethod = Exclude<ChallengeMethod, 'passkey' | 'magic-link'>;

/** What the decision point asks, and what would do as well. */
export function ChallengeStep({ state, onStartOver }: ChallengeProps & { readonly onStartOver: () => void }) {
  return (
    <>
      <ProblemNotice error={state.problem} area="sign-in" />
      {state.notice === 'resent' && <Notice kind="done">{text('sign-in', 'resend.done')}</Notice>}
      <Asked key={state.method} state={state} />
      <Ways
        title={text('sign-in', 'challenge.ways')}
        methods={state.methods.filter((method) => method !== state.method)}
        onMethod={(method) => void signIn.switchMethod(method)}
      />
      <div class="foot">
        <Button look="link" onClick={onStartOver}>
          {text('sign-in', 'startOver')}
        </Button>
        <a href={paths.recovery}>{text('sign-in', 'trouble')}</a>
      </div>
    </>
  );
}

function Asked({ state }: ChallengeProps) {
  if (state.method === 'passkey') return <PasskeyChallenge state={state} />;
  if (state.method === 'magic-link') return <LinkChallenge state={state} />;
  return <CodeChallenge state={state} method={state.method} />;
}
