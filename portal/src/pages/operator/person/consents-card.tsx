import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { moment } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import type { Found } from './found.ts';

type Consents = AnswerOf<'GET /v1/admin/people/{sub}/consents'>;
type Entry = Consents['history'][number];

/** Read only when asked for: each read is an event about the person. */
export function ConsentsCard({ found }: { readonly found: Found }) {
  const [standing, setStanding] = useState<Consents['standing']>();
  const [history, setHistory] = useState<readonly Entry[]>([]);
  const [next, setNext] = useState<string>();
  const read = useAction(async (after?: string) => {
    const page = await asOperator(() =>
      api.call('GET /v1/admin/people/{sub}/consents', {
        params: { sub: found.person.sub },
        query: { reason: found.reason, ...(after !== undefined && { after }) },
      }),
    );
    if (after === undefined) setStanding(page.standing);
    setHistory(after === undefined ? page.history : [...history, ...page.history]);
    setNext(page.next);
  });
  return (
    <Card title={text('operator', 'consents')}>
      <ProblemNotice error={read.error} area="operator" />
      {!standing && (
        <Button busy={read.busy} onClick={() => read.run()}>
          {text('operator', 'consents.show')}
        </Button>
      )}
      {standing && (
        <>
          <h3>{text('operator', 'consents.standing')}</h3>
          <Entries of={standing} />
          <h3>{text('operator', 'consents.history')}</h3>
          <Entries of={history} />
          {next !== undefined && (
            <Button busy={read.busy} onClick={() => read.run(next)}>
              {text('operator', 'consents.more')}
            </Button>
          )}
        </>
      )}
    </Card>
  );
}

function Entries({ of }: { readonly of: readonly Consents['standing'][number][] }) {
  if (of.length === 0) return <p class="muted">{text('operator', 'nothing')}</p>;
  return (
    <Rows>
      {of.map(({ id, purpose, decision, version, language, at }) => (
        <Row
          key={id}
          title={purpose}
          detail={text('operator', 'consents.entry', { version, language, at: moment(at) })}
          action={
            <Badge kind={decision === 'granted' ? 'done' : 'warning'}>
              {text('operator', `count.consents.${decision}`)}
            </Badge>
          }
        />
      ))}
    </Rows>
  );
}
