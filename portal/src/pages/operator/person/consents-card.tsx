import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { saveJson } from '../../../kit/save-file.ts';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import type { Found } from './found.ts';
import { exactMoment } from './times.ts';

type Consents = AnswerOf<'GET /v1/admin/people/{sub}/consents'>;
type Entry = Consents['history'][number];

const readPage = ({ person, reason }: Found, after?: string): Promise<Consents> =>
  asOperator(() =>
    api.call('GET /v1/admin/people/{sub}/consents', {
      params: { sub: person.sub },
      query: { reason, ...(after !== undefined && { after }) },
    }),
  );

/** Everything that was ever answered, as evidence: the file is complete, whatever the page shows. */
async function saveProof(found: Found): Promise<void> {
  const { standing, history, next: second } = await readPage(found);
  const all = [...history];
  for (let next = second; next !== undefined; ) {
    const page = await readPage(found, next);
    all.push(...page.history);
    next = page.next;
  }
  const at = new Date().toISOString();
  const { sub } = found.person;
  saveJson(`consents-${sub}-${at.slice(0, 10)}.json`, { sub, readAt: at, standing, history: all });
}

/** Read only when asked for: each read is an event about the person. */
export function ConsentsCard({ found }: { readonly found: Found }) {
  const [standing, setStanding] = useState<Consents['standing']>();
  const [history, setHistory] = useState<readonly Entry[]>([]);
  const [next, setNext] = useState<string>();
  const read = useAction(async (after?: string) => {
    const page = await readPage(found, after);
    if (after === undefined) setStanding(page.standing);
    setHistory(after === undefined ? page.history : [...history, ...page.history]);
    setNext(page.next);
  });
  const save = useAction(() => saveProof(found));
  return (
    <Card title={text('operator', 'consents')}>
      <ProblemNotice error={read.error ?? save.error} area="operator" />
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
          <p class="hint">{text('operator', 'consents.proof')}</p>
          <Entries of={history} />
          <div class="actions">
            {next !== undefined && (
              <Button busy={read.busy} onClick={() => read.run(next)}>
                {text('operator', 'consents.more')}
              </Button>
            )}
            <Button busy={save.busy} onClick={() => save.run()}>
              <Icon name="download" />
              {text('operator', 'consents.save')}
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}

function Entries({ of }: { readonly of: readonly (Consents['standing'][number] | Entry)[] }) {
  if (of.length === 0) return <p class="muted">{text('operator', 'consents.none')}</p>;
  return (
    <Rows>
      {of.map((entry) => (
        <Row
          key={entry.id}
          title={entry.purpose}
          detail={<Evidence of={entry} />}
          action={
            <Badge kind={entry.decision === 'granted' ? 'done' : 'warning'}>
              {text('operator', `count.consents.${entry.decision}`)}
            </Badge>
          }
        />
      ))}
    </Rows>
  );
}

/** When, to which words, and where: what a proof of consent consists of. */
function Evidence({ of }: { readonly of: Consents['standing'][number] | Entry }) {
  const { id, version, language, at, textHash } = of;
  return (
    <>
      {text('operator', 'consents.entry', { version, language, at: exactMoment(at) })}
      {'source' in of && ` · ${text('operator', `consents.source.${of.source}`)}`}
      <dl class="evidence small">
        <dt>{text('operator', 'consents.id')}</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>{text('operator', 'consents.hash')}</dt>
        <dd>
          <code>{textHash}</code>
        </dd>
      </dl>
    </>
  );
}
