import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { useCountdown } from '../../kit/use-countdown.ts';
import { text } from '../../text/text.ts';
import type { ChallengeProps } from './challenge-step.tsx';
import { signIn } from './flow.ts';

/** A message takes a while; sooner than this, another one only makes the first worthless. */
const waitMs = 20_000;

/** Another message, once the first has had its time, and only while there are any left. */
export function Resend({ state, label }: ChallengeProps & { readonly label: 'resend' | 'resend.link' }) {
  const [sentAt, setSentAt] = useState(Date.now);
  const { resendsLeft = 0, flow, notice } = state;
  // Each message has a flow of its own.
  useEffect(() => {
    if (notice === 'resent') setSentAt(Date.now());
  }, [notice, flow]);
  const seconds = useCountdown(sentAt + waitMs);
  const isOver = useCountdown(state.expiresAt) === 0 && state.expiresAt !== undefined;
  // A text message has no spam folder.
  const kind = state.method === 'sms-code' ? ('.sms' as const) : '';
  if (resendsLeft === 0) return <p class="hint">{text('sign-in', `resend.none${kind}`)}</p>;
  return (
    <div class="stack tight">
      <p class="hint">{text('sign-in', `resend.hint${kind}`)}</p>
      {seconds > 0 && !isOver ? (
        <p class="hint waiting">{text('sign-in', 'resend.wait', { count: seconds })}</p>
      ) : (
        <Button
          class="narrow"
          look={isOver ? 'primary' : 'secondary'}
          busy={state.busy}
          onClick={() => void signIn.resend()}
        >
          {text('sign-in', label)}
        </Button>
      )}
    </div>
  );
}
