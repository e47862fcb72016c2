import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { text } from '../../../text/text.ts';
import { iconOf } from '../../account/activity-words.ts';
import { DecisionDialog } from './decision-dialog.tsx';
import { detailOf, type Event, isLook, titleOf } from './event-words.ts';
import { type Found, lookUp } from './found.ts';

/** Recent events in words about the person, with their codes beside them; who looked is one click away. */
export function ActivityCard({ found }: { readonly found: Found }) {
  const { person, reason } = found;
  const [asked, setAsked] = useState<Event>();
  const [withLooks, setWithLooks] = useState(false);
  const [older, setOlder] = useState<{ readonly events: readonly Event[]; readonly next?: string }>();
  const more = useAction(async (before: string) => {
    const page = (await lookUp({ sub: person.sub }, reason, before)).person;
    setOlder({
      events: [...(older?.events ?? []), ...page.activity],
      ...(page.next !== undefined && { next: page.next }),
    });
  });
  const all = [...person.activity, ...person.attempts, ...(older?.events ?? [])].sort((one, other) =>
    other.at.localeCompare(one.at),
  );
  const shown = all.filter((event) => withLooks || !isLook(event));
  const next = older ? older.next : person.next;
  return (
    <Card title={text('operator', 'activity')}>
      <Checkbox
        label={text('operator', 'activity.looks', { count: all.filter(isLook).length })}
        checked={withLooks}
        onChecked={setWithLooks}
      />
      {shown.length === 0 && <p class="muted">{text('operator', 'activity.none')}</p>}
      <Rows>
        {shown.map((event) => (
          <EventRow key={event.id} event={event} onWhy={() => setAsked(event)} />
        ))}
      </Rows>
      <ProblemNotice error={more.error} area="operator" />
      {next !== undefined && (
        <Button class="narrow" busy={more.busy} onClick={() => more.run(next)}>
          {text('operator', 'activity.more')}
        </Button>
      )}
      {asked?.flow && <DecisionDialog found={found} flow={asked.flow} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

function EventRow({ event, onWhy }: { readonly event: Event; readonly onWhy: () => void }) {
  const title = titleOf(event);
  const isDecided = event.flow !== undefined && event.type.startsWith('sign-in.');
  return (
    <Row
      icon={iconOf(event)}
      title={
        <>
          {title}
          {event.outcome !== 'success' && (
            <Badge kind="warning">{text('operator', `event.outcome.${event.outcome}`)}</Badge>
          )}
        </>
      }
      detail={detailOf(event)}
      action={
        isDecided ? (
          <Button look="link" aria-label={text('operator', 'decision.of', { what: title })} onClick={onWhy}>
            {text('operator', 'decision.why')}
          </Button>
        ) : undefined
      }
    />
  );
}
