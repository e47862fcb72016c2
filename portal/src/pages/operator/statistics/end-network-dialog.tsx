import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import type { OperatorReason } from '../person/found.ts';
import { ReasonSelect } from '../person/reason-select.tsx';
import { bucketName } from './buckets.ts';

type Cohort = AnswerOf<'GET /v1/admin/session-endings/{id}'>;

export interface EndNetworkDialogProps {
  readonly network: string;
  /** Sessions that began since then. */
  readonly from: string;
  readonly onClose: () => void;
}

/** Ends the sessions that began in one network: counted first, ended once that was confirmed, and told how far it is. */
export function EndNetworkDialog({ network, from, onClose }: EndNetworkDialogProps) {
  const [reason, setReason] = useState<OperatorReason>();
  const [asked, setAsked] = useState(false);
  const [cohort, setCohort] = useState<Cohort>();
  const preview = useAction(async () => {
    setAsked(true);
    if (!reason) return;
    setCohort(
      await asOperator(() =>
        api.call('POST /v1/admin/session-endings', { body: { reason, query: { from, network } } }),
      ),
    );
  });
  const end = useAction(async () => {
    if (!cohort || !reason) return;
    const about = { params: { id: cohort.id }, body: { reason } };
    let next = await asOperator(() => api.call('POST /v1/admin/session-endings/{id}/confirm', about));
    setCohort(next);
    // Each call ends some; one that fails is taken up again by the same button.
    while (next.state === 'running') {
      next = await asOperator(() => api.call('POST /v1/admin/session-endings/{id}/run', about));
      setCohort(next);
    }
  });
  return (
    <Dialog title={text('operator', 'networks.end')} onClose={onClose}>
      <p>
        {text('operator', 'networks.end.what', { from: bucketName(from, 'hour') })} <code>{network}</code>
      </p>
      {cohort ? (
        <Counted cohort={cohort} />
      ) : (
        <ReasonSelect
          value={reason}
          onValue={setReason}
          {...(asked && !reason && { problem: text('operator', 'why.missing') })}
        />
      )}
      <ProblemNotice error={preview.error ?? end.error} area="operator" />
      <div class="actions">
        {!cohort && (
          <Button look="primary" busy={preview.busy} onClick={() => preview.run()}>
            {text('operator', 'networks.end.count')}
          </Button>
        )}
        {cohort && cohort.state !== 'finished' && cohort.matches.sessions > 0 && (
          <Button look="danger" busy={end.busy} onClick={() => end.run()}>
            {text('operator', 'networks.end.button')}
          </Button>
        )}
        <Button onClick={onClose}>{text('common', 'close')}</Button>
      </div>
    </Dialog>
  );
}

function Counted({ cohort: { state, matches, ended } }: { readonly cohort: Cohort }) {
  if (state === 'finished')
    return (
      <Notice kind="done">
        {text('operator', 'networks.end.done', {
          sessions: number(ended.sessions),
          people: number(ended.people),
        })}
      </Notice>
    );
  return (
    <>
      <p>
        {text('operator', matches.exact ? 'networks.end.matches' : 'networks.end.atLeast', {
          sessions: number(matches.sessions),
          people: number(matches.people),
        })}
      </p>
      {state === 'running' && (
        <p role="status">{text('operator', 'networks.end.running', { sessions: number(ended.sessions) })}</p>
      )}
    </>
  );
}
