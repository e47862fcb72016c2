import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Show } from '../../../kit/loading.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { listOf, number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import { methodName, reasonName } from '../statistics/words.ts';
import type { Found } from './found.ts';
import { exactMoment } from './times.ts';

type Decision = AnswerOf<'GET /v1/admin/people/{sub}/decisions/{flow}'>;

export interface DecisionDialogProps {
  readonly found: Found;
  readonly flow: string;
  readonly onClose: () => void;
}

/** Why a sign-in was let through, challenged or refused: every signal with what it weighed. */
export function DecisionDialog({ found, flow, onClose }: DecisionDialogProps) {
  const decision = useResource(() =>
    asOperator(() =>
      api.call('GET /v1/admin/people/{sub}/decisions/{flow}', {
        params: { sub: found.person.sub, flow },
        query: { reason: found.reason },
      }),
    ),
  );
  return (
    <Dialog title={text('operator', 'decision')} onClose={onClose}>
      <Show of={decision} lines={6}>
        {(value: Decision) => <Explanation of={value} />}
      </Show>
      <div class="actions">
        <Button onClick={onClose}>{text('common', 'close')}</Button>
      </div>
    </Dialog>
  );
}

function Explanation({ of }: { readonly of: Decision }) {
  return (
    <>
      {of.source === 'events' && <Notice>{text('operator', 'decision.codesOnly')}</Notice>}
      {of.policy?.mode === 'monitor' && (
        <Notice kind="warning">{text('operator', 'decision.monitor')}</Notice>
      )}
      <dl class="facts">
        <dt>{text('operator', 'decision.outcome')}</dt>
        <dd>{text('operator', `outcome.${of.outcome}`)}</dd>
        <dt>{text('operator', 'decision.at')}</dt>
        <dd>{exactMoment(of.at)}</dd>
        {of.score !== undefined && of.policy && (
          <>
            <dt>{text('operator', 'decision.score')}</dt>
            <dd>
              {text('operator', 'decision.scoreOf', {
                score: number(of.score),
                challengeAt: number(of.policy.challengeAt),
                denyAt: number(of.policy.denyAt),
              })}
            </dd>
          </>
        )}
        {of.methods.length > 0 && (
          <>
            <dt>{text('operator', 'decision.methods')}</dt>
            <dd>{listOf(of.methods.map(methodName))}</dd>
          </>
        )}
        {of.proven && of.proven.length > 0 && (
          <>
            <dt>{text('operator', 'decision.proven')}</dt>
            <dd>{listOf(of.proven.map(methodName))}</dd>
          </>
        )}
        {of.policyVersion !== undefined && (
          <>
            <dt>{text('operator', 'decision.policy')}</dt>
            <dd>{number(of.policyVersion)}</dd>
          </>
        )}
        <dt>{text('operator', 'decision.flow')}</dt>
        <dd>
          <code>{of.flow}</code>
        </dd>
      </dl>
      <Signals signals={of.signals} />
    </>
  );
}

function Signals({ signals }: Pick<Decision, 'signals'>) {
  if (signals.length === 0) return <p class="muted">{text('operator', 'decision.noSignals')}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text('operator', 'decision.signal')}</th>
          <th scope="col">{text('operator', 'decision.value')}</th>
          <th scope="col">{text('operator', 'decision.weight')}</th>
        </tr>
      </thead>
      <tbody>
        {signals.map(({ code, value, weight }) => (
          <tr key={code}>
            <th scope="row">
              {reasonName(code)} <code class="muted small">{code}</code>
            </th>
            <td>{value === undefined ? '–' : typeof value === 'number' ? number(value) : value}</td>
            <td>{weight === undefined ? '–' : number(weight)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
