import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { text } from '../../../text/text.ts';
import { ActDialog } from './act-dialog.tsx';
import { type Act, actsFor } from './acts.ts';
import type { Person } from './found.ts';

export interface ActsCardProps {
  readonly person: Person;
  readonly onDone: () => Promise<unknown>;
}

/** What an operator may do to an account; each asks for its reason first. */
export function ActsCard({ person, onDone }: ActsCardProps) {
  const [asked, setAsked] = useState<Act>();
  const [done, setDone] = useState<Act>();
  return (
    <Card title={text('operator', 'act')}>
      {done && <Notice kind="done">{text('operator', `act.${done}.done`)}</Notice>}
      <Rows>
        {actsFor(person).map((act) => (
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
          onDone={async () => {
            setAsked(undefined);
            setDone(asked);
            await onDone();
          }}
        />
      )}
    </Card>
  );
}
