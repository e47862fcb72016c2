import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { Badge } from '../../../kit/rows.tsx';
import { api } from '../../../session/api.ts';
import { moment } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { NameDialog } from '../parts/name-dialog.tsx';
import { deviceName } from './device-name.ts';
import { provenBy, type Session, titleOf } from './session-words.ts';

export function CurrentSession({
  session,
  reload,
}: {
  readonly session: Session;
  readonly reload: () => void;
}) {
  const [done, setDone] = useState<string>();
  const [isNaming, setIsNaming] = useState(false);
  const { id, device, name, startedAt, methods, level } = session;
  return (
    <Card
      title={text('security', 'sessions.this')}
      action={<Badge kind="done">{text('security', 'seen.now')}</Badge>}
    >
      <div class="this-device">
        <Icon name="devices" />
        <div>
          <strong>
            <bdi>{titleOf(session)}</bdi>
          </strong>
          {name !== undefined && <p class="small muted">{deviceName(device)}</p>}
        </div>
      </div>
      <dl class="facts session-facts">
        <dt>{text('security', 'sessions.since')}</dt>
        <dd>{startedAt ? moment(startedAt) : text('security', 'sessions.justNow')}</dd>
        {methods.length > 0 && (
          <>
            <dt>{text('security', 'sessions.by')}</dt>
            <dd>{provenBy(session)}</dd>
          </>
        )}
        <dt>{text('security', 'sessions.strength')}</dt>
        <dd>{text('security', level === 2 ? 'level.2' : 'level.1')}</dd>
      </dl>
      <Done>{done}</Done>
      {startedAt && (
        <div class="actions">
          <Button onClick={() => setIsNaming(true)}>{text('security', 'rename')}</Button>
        </div>
      )}
      {isNaming && (
        <NameDialog
          title={text('security', 'sessions.rename')}
          name={titleOf(session)}
          onSave={async (given) => {
            const body = { name: given };
            await api.call('PATCH /v1/me/sessions/{id}', { params: { id }, body });
            setDone(text('security', 'renamed', { name: given }));
            reload();
          }}
          onClose={() => setIsNaming(false)}
        />
      )}
    </Card>
  );
}
