import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { Menu, MenuItem } from '../../../kit/menu.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { NameDialog } from '../parts/name-dialog.tsx';
import { deviceName } from './device-name.ts';
import { doorOf, provenBy, type Session, seen, titleOf } from './session-words.ts';
import { unlessGone } from './unless-gone.ts';

type Open = { readonly does: 'end' | 'rename'; readonly session: Session } | { readonly does: 'end-all' };

export interface OtherSessionsProps {
  readonly sessions: readonly Session[];
  readonly reload: () => void;
}

export function OtherSessions({ sessions, reload }: OtherSessionsProps) {
  const [open, setOpen] = useState<Open>();
  const [done, setDone] = useState<string>();
  /** Ended for certain, however long the list may still have them; their ids never come back. */
  const [ended, setEnded] = useState<readonly string[]>([]);
  const shown = sessions.filter(({ id }) => !ended.includes(id));
  const close = () => setOpen(undefined);
  const finished = (ids: readonly string[], line: string) => {
    setEnded([...ended, ...ids]);
    setDone(line);
    reload();
  };
  return (
    <Card title={text('security', 'sessions.others')}>
      <Done>{done}</Done>
      {shown.length === 0 ? (
        <p class="muted">{text('security', 'sessions.none')}</p>
      ) : (
        <Rows label={text('security', 'sessions.others')}>
          {shown.map((session) => (
            <SessionRow key={session.id} session={session} onOpen={setOpen} />
          ))}
        </Rows>
      )}
      <p class="hint">{text('security', 'sessions.unknown')}</p>
      <div class="actions">
        <Button look="danger" onClick={() => setOpen({ does: 'end-all' })}>
          {text('security', 'sessions.endAll')}
        </Button>
      </div>
      {open?.does === 'end' && (
        <ConfirmDialog
          title={text('security', 'sessions.endTitle', { name: titleOf(open.session) })}
          action={text('security', 'sessions.end')}
          danger
          onConfirm={async () => {
            await end(open.session.id);
            finished([open.session.id], text('security', 'sessions.ended'));
          }}
          onClose={close}
        >
          <p>{text('security', 'sessions.endWhat')}</p>
        </ConfirmDialog>
      )}
      {open?.does === 'end-all' && (
        <ConfirmDialog
          title={text('security', 'sessions.endAllTitle')}
          action={text('security', 'sessions.endAll')}
          danger
          onConfirm={async () => {
            await api.call('DELETE /v1/me/sessions');
            const all = sessions.map(({ id }) => id);
            finished(all, text('security', 'sessions.endedAll'));
          }}
          onClose={close}
        >
          <p>{text('security', 'sessions.endAllWhat')}</p>
        </ConfirmDialog>
      )}
      {open?.does === 'rename' && (
        <NameDialog
          title={text('security', 'sessions.rename')}
          name={titleOf(open.session)}
          onSave={async (name) => {
            const { id } = open.session;
            await api.call('PATCH /v1/me/sessions/{id}', { params: { id }, body: { name } });
            finished([], text('security', 'renamed', { name }));
          }}
          onClose={close}
        />
      )}
    </Card>
  );
}

const end = (id: string): Promise<void> =>
  unlessGone(() => api.call('DELETE /v1/me/sessions/{id}', { params: { id } }), 'SESSION_UNKNOWN');

function SessionRow({
  session,
  onOpen,
}: {
  readonly session: Session;
  readonly onOpen: (open: Open) => void;
}) {
  const { name, device, lastSeenAt, methods } = session;
  const title = titleOf(session);
  const door = doorOf(session);
  const facts = [
    name === undefined ? undefined : deviceName(device),
    lastSeenAt && seen(lastSeenAt),
    methods.length > 0 ? provenBy(session) : undefined,
  ].filter((fact) => fact !== undefined && fact !== '');
  return (
    <Row
      icon="devices"
      title={
        <>
          <bdi>{title}</bdi> {door && <Badge>{door}</Badge>}
        </>
      }
      detail={facts.map((fact) => (
        <span key={fact} class="fact">
          {fact}
        </span>
      ))}
      action={
        <Menu label={text('security', 'more', { name: title })} button={<Icon name="more" />}>
          <MenuItem onClick={() => onOpen({ does: 'rename', session })}>
            {text('security', 'rename')}
          </MenuItem>
          <MenuItem danger onClick={() => onOpen({ does: 'end', session })}>
            {text('security', 'sessions.end')}
          </MenuItem>
        </Menu>
      }
    />
  );
}
