import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { text } from '../../../text/text.ts';
import { AuthenticatorSetup } from './authenticator-setup.tsx';
import { type FactorCardProps, usage } from './factors.ts';
import { RemovalDialog } from './removal-dialog.tsx';

export function Authenticator({ factors, reload }: FactorCardProps) {
  const { totp, canEnrol } = factors;
  const [secret, setSecret] = useState<AnswerOf<'POST /v1/me/totp'>>();
  const [isRemoving, setIsRemoving] = useState(false);
  const [done, setDone] = useState<'totp.done' | 'totp.removed'>();
  const begin = useAction(async () => {
    setDone(undefined);
    setSecret(await withStepUp(() => api.call('POST /v1/me/totp')));
  });
  const mayAdd = canEnrol.includes('totp');
  if (!totp && !mayAdd) return null;
  return (
    <Card title={text('security', 'totp.title')} place="authenticator-app">
      <p>{text('security', 'totp.what')}</p>
      {totp && (
        <Rows label={text('security', 'totp.title')}>
          <Row icon="authenticator" title={text('security', 'totp.on')} detail={usage(totp)} />
        </Rows>
      )}
      <Done>{done && text('security', done)}</Done>
      <ChangeProblem error={begin.error} />
      <div class="actions">
        {mayAdd && (
          <Button busy={begin.busy} onClick={() => void begin.run()}>
            {text('security', totp ? 'totp.replace' : 'totp.add')}
          </Button>
        )}
        {totp && (
          <Button look="danger" onClick={() => setIsRemoving(true)}>
            {text('security', 'remove')}
          </Button>
        )}
      </div>
      {secret && (
        <AuthenticatorSetup
          key={secret.secret}
          {...secret}
          replaces={totp !== undefined}
          onRestart={() => void begin.run()}
          onDone={() => {
            setSecret(undefined);
            setDone('totp.done');
            reload();
          }}
          onClose={() => setSecret(undefined)}
        />
      )}
      {isRemoving && (
        <RemovalDialog
          title={text('security', 'totp.removeTitle')}
          factors={factors}
          means={text('security', 'totp.removeWhat')}
          remove={() => api.call('DELETE /v1/me/totp')}
          onDone={() => {
            setDone('totp.removed');
            reload();
          }}
          onClose={() => setIsRemoving(false)}
        />
      )}
    </Card>
  );
}
