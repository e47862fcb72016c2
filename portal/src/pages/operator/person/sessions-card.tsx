import { Card } from '../../../kit/card.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { listOf } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { methodName } from '../statistics/words.ts';
import type { Person } from './found.ts';
import { exactMoment } from './times.ts';

type Session = Person['sessions'][number];

export function SessionsCard({ sessions }: Pick<Person, 'sessions'>) {
  return (
    <Card title={text('operator', 'sessions')}>
      {sessions.length === 0 ? (
        <p class="muted">{text('operator', 'sessions.none')}</p>
      ) : (
        <Rows>
          {sessions.map((session) => (
            <Row
              key={session.id}
              icon="devices"
              title={session.device ?? text('operator', 'sessions.unknownDevice')}
              detail={detailOf(session)}
              action={session.endedAt ? <Badge>{text('operator', 'sessions.ended')}</Badge> : undefined}
            />
          ))}
        </Rows>
      )}
    </Card>
  );
}

const detailOf = ({ startedAt, lastSeenAt, methods = [], network, provider }: Session): string =>
  [
    startedAt && text('operator', 'sessions.since', { at: exactMoment(startedAt) }),
    lastSeenAt && text('operator', 'sessions.seen', { at: exactMoment(lastSeenAt) }),
    methods.length > 0 && listOf(methods.map(methodName)),
    provider,
    network && text('operator', 'sessions.network', { network }),
  ]
    .filter(Boolean)
    .join(' · ');
