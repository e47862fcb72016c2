import { useEffect } from 'preact/hooks';
import type { BodyOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { usePasskey } from '../../session/passkeys.ts';
import { text } from '../../text/text.ts';
import type { ChallengeProps } from './challenge-step.tsx';
import { signIn } from './flow.ts';
import { PasskeyProblem } from './passkey-problem.tsx';

type Credential = NonNullable<BodyOf<'POST /v1/sessions/challenge'>['credential']>;

/** A passkey beside the password, or in its place. Asked for at once where the person has just pressed for it. */
export function PasskeyChallenge({ state }: ChallengeProps) {
  const ask = useAction(async () => signIn.credential((await usePasskey(state.options)) as Credential));
  // Once, when it appears.
  useEffect(() => {
    if (navigator.userActivation?.isActive) void ask.run();
  }, []);
  return (
    <div class="stack">
      <div class="emblem">
        <Icon name="passkey" />
      </div>
      <PasskeyProblem error={ask.error} />
      {state.notice === 'rejected' && <Notice kind="error">{text('sign-in', 'passkey.rejected')}</Notice>}
      <Button look="primary" busy={ask.busy || state.busy} onClick={() => void ask.run()}>
        {text('sign-in', 'way.passkey')}
      </Button>
    </div>
  );
}
