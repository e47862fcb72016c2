import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { text } from '../../../text/text.ts';
import { ActDialog } from './act-dialog.tsx';
import { type Act, actsFor, type Ended, type Stale } from './acts.ts';
import type { Person } from './found.ts';

export interface ActsCardProps {
  readonly person: Person;
  /** Shows what there is now. */
  readonly onChanged: () => Promise<unknown>;
}

type Outcome = { readonly act: Act; readonly ended: Ended } | { readonly stale: Stale };

/** What an operator may do to an account; each asks for its reason first. */
export function ActsCard({ person, onChanged }: ActsCardProps) {
  const [asked, setAsked] = useState<Act>();
  const [outcome, setOutcome] = useState<Outcome>();
  const over = async (how: Outcome) => {
    setAsked(undefined);
    setOutcome(how);
    await onChanged();
  };
  const offered = actsFor(person);
  return (
    <Card title={text('operator', 'act')}>
      {outcome && <OutcomeNotice of={outcome} />}
      {offered.length === 0 && <p class="muted">{text('operator', 'act.none')}</p>}
      <Rows>
        {offered.map((act) => (
          <Row
            key={act}
            title={text('operator', `act.${act}`)}
            detail={text('operator', `act.${act}.what`)}
            action={
              <Button
                look={act === 'unlock' ? 'secondary' : 'danger'}
                aria-label={text('operator', `act.${act}`)}
                onClick={() => setAsked(act)}
              >
                {text('operator', `act.${act}.button`)}
              </Button>
            }
          />
        ))}
      </Rows>
      {asked && (
        <ActDialog
          act={asked}
          sub={person.sub}
          onClose={() => setAsked(undefined)}
          onDone={(ended) => over({ act: asked, ended })}
          onStale={(stale) => over({ stale })}
        />
      )}
    </Card>
  );
}

function OutcomeNotice({ of }: { readonly of: Outcome }) {
  if ('stale' in of) return <Notice kind="warning">{text('operator', `stale.${of.stale}`)}</Notice>;
  const { act, ended } = of;
  if (ended === 'already' && (act === 'lock' || act === 'unlock'))
    return <Notice kind="warning">{text('operator', `act.${act}.already`)}</Notice>;
  if (ended === 'not-needed') return <Notice>{text('operator', 'act.recovery.notNeeded')}</Notice>;
  if (ended === 'ready') return <Notice>{text('operator', 'act.recovery.ready')}</Notice>;
  return <Notice kind="done">{text('operator', `act.${act}.done`)}</Notice>;
}
