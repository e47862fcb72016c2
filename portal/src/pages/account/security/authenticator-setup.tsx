import { Button } from '../../../kit/button.tsx';
import { CodeForm } from '../../../kit/code-form.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { text } from '../../../text/text.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { isRefusedAs } from '../parts/refused-as.ts';
import { inGroups } from './groups.ts';
import { QrCode } from './qr-code.tsx';

export interface AuthenticatorSetupProps {
  readonly secret: string;
  /** `otpauth:`, what the QR code carries. */
  readonly uri: string;
  readonly expiresInSeconds: number;
  /** There is an app already, and it counts until this one is confirmed. */
  readonly replaces: boolean;
  /** Another secret: this one is too old, or was tried too often. */
  readonly onRestart: () => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function AuthenticatorSetup(props: AuthenticatorSetupProps) {
  const { secret, uri, expiresInSeconds, replaces, onRestart, onDone, onClose } = props;
  const confirm = useAction(async (given: string) => {
    await withStepUp(() => api.call('POST /v1/me/totp/confirm', { body: { code: given } }));
    onDone();
  });
  const isRejected = isRefusedAs(confirm.error, 'CODE_REJECTED');
  return (
    <Dialog title={text('security', replaces ? 'totp.replace' : 'totp.add')} onClose={onClose}>
      <p>{text('security', 'totp.scan')}</p>
      <QrCode value={uri} label={text('security', 'totp.qr')} />
      <a class="button otpauth" href={uri}>
        {text('security', 'totp.open')}
      </a>
      <details>
        <summary>{text('security', 'totp.byHand')}</summary>
        <div class="stack tight">
          <p>{text('security', 'totp.key')}</p>
          <output class="secret" dir="ltr">
            {inGroups(secret)}
          </output>
          <CopyButton value={secret} />
        </div>
      </details>
      <CodeForm
        label={text('security', 'totp.code')}
        hint={text('security', 'totp.codeHint', { count: Math.round(expiresInSeconds / 60) })}
        length={6}
        empty={text('security', 'stepUp.code.empty')}
        problem={isRejected ? text('security', 'totp.rejected') : undefined}
        action={text('security', 'totp.confirm')}
        busy={confirm.busy}
        onCode={(given) => void confirm.run(given)}
        said={!isRejected && <ChangeProblem error={confirm.error} />}
      >
        <Button onClick={onClose}>{text('common', 'cancel')}</Button>
        {isRejected && (
          <Button look="link" onClick={onRestart}>
            {text('security', 'totp.restart')}
          </Button>
        )}
      </CodeForm>
    </Dialog>
  );
}
