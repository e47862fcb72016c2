import { useEffect } from 'preact/hooks';
import { Icon } from '../../kit/icons.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useCountdown } from '../../kit/use-countdown.ts';
import { clock } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { ChallengeProps } from './challenge-step.tsx';
import { useGoOn, whenSignedInElsewhere } from './flow.ts';
import { Resend } from './resend.tsx';

/** Waits for the link to be opened in another tab of this browser, then goes on by itself. */
export function LinkChallenge({ state }: ChallengeProps) {
  const goOn = useGoOn();
  const isOver = useCountdown(state.expiresAt) === 0 && state.expiresAt !== undefined;
  // For as long as the page waits.
  useEffect(() => whenSignedInElsewhere(goOn), []);
  return (
    <div class="stack">
      <div class="emblem">
        <Icon name="mail" />
      </div>
      {isOver && <Notice kind="warning">{text('sign-in', 'link.over')}</Notice>}
      {!isOver && state.expiresAt !== undefined && (
        <p class="hint">{text('sign-in', 'code.until', { time: clock(state.expiresAt) })}</p>
      )}
      <Resend state={state} label="resend.link" />
    </div>
  );
}
