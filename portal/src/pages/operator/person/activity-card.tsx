import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { listOf, moment } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { iconOf, type Names, wordsOf } from '../../account/activity-words.ts';
import { reasonName } from '../statistics/words.ts';
import { DecisionDialog } from './decision-dialog.tsx';
import type { Found, Person } from './found.ts';

type Event = Person['activity'][number];

/** An operator sees purposes and fields by the names of the configuration. */
const names: Names = { purpose: (purpose) => purpose, field: (field) => field, network: undefined };

/** Recent events in the same words as their owner reads, with their codes beside them. */
export function ActivityCard({ found }: { readonly found: Found }) {
  const [asked, setAsked] = useState<Event>();
  const { activity } = found.person;
  return (
    <Card title={text('operator', 'activity')}>
      {activity.length === 0 ? (
        <p class="muted">{text('operator', 'activity.none')}</p>
      ) : (
        <Rows>
          {activity.map((event) => {
            const { title } = wordsOf(event, names);
            return (
              <Row
                key={event.id}
                icon={iconOf(event)}
                title={title}
                detail={detailOf(event)}
                action={
                  isDecided(event) ? (
                    <Button
                      look="link"
                      aria-label={text('operator', 'decision.of', { what: title })}
                      onClick={() => setAsked(event)}
                    >
                      {text('operator', 'decision.why')}
                    </Button>
                  ) : undefined
                }
              />
            );
          })}
        </Rows>
      )}
      {asked?.flow && <DecisionDialog found={found} flow={asked.flow} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

const isDecided = ({ type, flow }: Event): boolean => flow !== undefined && type.startsWith('sign-in.');

const detailOf = ({ at, device, network, reasons, type }: Event): string =>
  [
    moment(at),
    device,
    network && text('operator', 'sessions.network', { network }),
    reasons.length > 0 && listOf(reasons.map(reasonName)),
    type,
  ]
    .filter(Boolean)
    .join(' · ');
