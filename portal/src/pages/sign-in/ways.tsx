import { useId } from 'preact/hooks';
import type { ChallengeMethod } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { text } from '../../text/text.ts';

export const wayIcons: Readonly<Record<ChallengeMethod, IconName>> = {
  passkey: 'passkey',
  totp: 'authenticator',
  'sms-code': 'phone',
  'email-code': 'mail',
  'magic-link': 'link',
  'recovery-code': 'paper',
};

export interface WaysProps {
  readonly title: string;
  readonly methods: readonly ChallengeMethod[];
  readonly onMethod: (method: ChallengeMethod) => void;
}

/** Other methods, one button each. */
export function Ways({ title, methods, onMethod }: WaysProps) {
  const id = useId();
  if (methods.length === 0) return null;
  return (
    <section class="ways" aria-labelledby={id}>
      <h2 class="or" id={id}>
        {title}
      </h2>
      {methods.map((method) => (
        <Button key={method} onClick={() => onMethod(method)}>
          <Icon name={wayIcons[method]} />
          {text('sign-in', `way.${method}`)}
        </Button>
      ))}
    </section>
  );
}
