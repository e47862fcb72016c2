import { useState } from 'preact/hooks';
import { IdentityProblem } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { CodeField } from '../../../kit/code-field.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { waitingLinkCode } from '../../../session/waiting-link-code.ts';
import { anyOf } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { isLinkCode, linkCode } from './link-code.ts';

export interface LinkFormProps {
  /** What the providers are called here. */
  readonly labels: readonly string[];
  readonly onLinked: (provider: string) => void;
}

/** How to link, in steps: the provider's sign-in shows a code, which is typed here. */
export function LinkForm({ labels, onLinked }: LinkFormProps) {
  const [typed, setTyped] = useState(waitingLinkCode.value);
  const [isBad, setIsBad] = useState(false);
  const link = useAction(async (code: string) => {
    const { provider } = await withStepUp(() => api.call('POST /v1/me/links', { body: { code } }));
    setTyped('');
    waitingLinkCode.value = '';
    onLinked(provider);
  });
  const isRejected = link.error instanceof IdentityProblem && link.error.code === 'LINK_REJECTED';
  const problem = isBad ? 'links.badCode' : isRejected ? 'problem.LINK_REJECTED' : undefined;
  return (
    <Card title={text('security', 'links.add')}>
      <ol class="how">
        <li>{text('security', 'links.step1', { providers: anyOf(labels) })}</li>
        <li>{text('security', 'links.step2')}</li>
        <li>{text('security', 'links.step3')}</li>
      </ol>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const code = linkCode(typed);
          setIsBad(!isLinkCode(code));
          if (isLinkCode(code)) void link.run(code);
        }}
      >
        <CodeField
          label={text('security', 'links.code')}
          hint={text('security', 'links.codeHint')}
          value={typed}
          onValue={setTyped}
          {...(problem && { problem: text('security', problem) })}
        />
        {!isRejected && <ChangeProblem error={link.error} />}
        <div class="actions">
          <Button type="submit" look="primary" busy={link.busy}>
            {text('security', 'links.submit')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
