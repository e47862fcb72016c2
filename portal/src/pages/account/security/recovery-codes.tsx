import { useState } from 'preact/hooks';
import { type AnswerOf, IdentityProblem } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { day } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import type { FactorCardProps } from './factors.ts';
import { RecoverySheet } from './recovery-sheet.tsx';

/** From here on the page says that new ones should be made. */
const fewCodes = 3;

/**
 * The hashes of a set take a while on a busy service, which then puts us off without having changed anything. To ask again is
 * safe even where that is not known: the codes that count are those of the last answer, and those are shown.
 */
async function makeCodes(attemptsLeft = 3): Promise<AnswerOf<'POST /v1/me/recovery-codes'>> {
  try {
    return await api.call('POST /v1/me/recovery-codes');
  } catch (error) {
    const isPutOff = error instanceof IdentityProblem && error.code === 'UNAVAILABLE';
    if (!isPutOff || attemptsLeft <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, 1_000 * (error.retryAfterSeconds ?? 1)));
    return makeCodes(attemptsLeft - 1);
  }
}

export function RecoveryCodes({ factors, reload }: FactorCardProps) {
  const { recoveryCodes, canEnrol } = factors;
  const [sheet, setSheet] = useState<AnswerOf<'POST /v1/me/recovery-codes'>>();
  const [isKept, setIsKept] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const make = async () => {
    setIsKept(false);
    setSheet(await withStepUp(() => makeCodes()));
    reload();
  };
  const first = useAction(make);
  const mayMake = canEnrol.includes('recovery-codes');
  const hasOther = factors.passkeys.length > 0 || factors.totp || factors.phone;
  if (!mayMake && !recoveryCodes && hasOther) return null;
  return (
    <Card title={text('security', 'codes.title')} place="recovery-codes">
      <p>{text('security', 'codes.what')}</p>
      {!hasOther && <p class="hint">{text('security', 'codes.first')}</p>}
      {sheet ? (
        <RecoverySheet
          {...sheet}
          onClose={() => {
            setSheet(undefined);
            setIsKept(true);
          }}
        />
      ) : (
        recoveryCodes && <Kept {...recoveryCodes} />
      )}
      <Done>{isKept && text('security', 'codes.stored')}</Done>
      <ChangeProblem error={first.error} />
      {mayMake && !sheet && (
        <div class="actions">
          <Button busy={first.busy} onClick={() => (recoveryCodes ? setIsAsking(true) : void first.run())}>
            {text('security', recoveryCodes ? 'codes.renew' : 'codes.make')}
          </Button>
        </div>
      )}
      {isAsking && (
        <ConfirmDialog
          title={text('security', 'codes.renewTitle')}
          action={text('security', 'codes.renew')}
          onConfirm={make}
          onClose={() => setIsAsking(false)}
        >
          <p>{text('security', 'codes.renewWhat')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function Kept({ left, createdAt }: { readonly left: number; readonly createdAt: string }) {
  return (
    <>
      <Rows label={text('security', 'codes.title')}>
        <Row
          icon="paper"
          title={text('security', 'codes.left', { count: left })}
          detail={text('security', 'codes.made', { day: day(createdAt) })}
        />
      </Rows>
      {left <= fewCodes && <Notice kind="warning">{text('security', 'codes.few')}</Notice>}
    </>
  );
}
