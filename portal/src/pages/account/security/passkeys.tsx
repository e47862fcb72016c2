import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { Menu, MenuItem } from '../../../kit/menu.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { canUsePasskeys } from '../../../session/passkeys.ts';
import { text } from '../../../text/text.ts';
import { NameDialog } from '../parts/name-dialog.tsx';
import { type FactorCardProps, maxPasskeys, type Passkey, usage } from './factors.ts';
import { RemovalDialog } from './removal-dialog.tsx';
import { useAddPasskey } from './use-add-passkey.ts';

type Open =
  | { readonly does: 'name'; readonly passkey: Passkey; readonly isNew: boolean }
  | { readonly does: 'remove'; readonly passkey: Passkey };

export function Passkeys({ factors, reload }: FactorCardProps) {
  const { passkeys, canEnrol } = factors;
  const [open, setOpen] = useState<Open>();
  const [done, setDone] = useState<string>();
  const add = useAddPasskey(factors, (passkey) => {
    setDone(undefined);
    reload();
    setOpen({ does: 'name', passkey, isNew: true });
  });
  const isFull = passkeys.length >= maxPasskeys;
  const mayAdd = canEnrol.includes('passkey') && canUsePasskeys();
  return (
    <Card title={text('security', 'passkeys.title')} place="passkeys">
      <p>{text('security', 'passkeys.what')}</p>
      {passkeys.length > 0 && (
        <Rows label={text('security', 'passkeys.title')}>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onOpen={setOpen} />
          ))}
        </Rows>
      )}
      <Done>{done}</Done>
      <ChangeProblem error={add.error} />
      {isFull && <p class="hint">{text('security', 'passkeys.full')}</p>}
      {!canUsePasskeys() && <p class="hint">{text('security', 'passkey.unsupported')}</p>}
      {mayAdd && (
        <div class="actions">
          <Button
            look={passkeys.length === 0 ? 'primary' : 'secondary'}
            busy={add.busy}
            onClick={() => void add.run()}
          >
            <Icon name="plus" />
            <span>{text('security', 'passkeys.add')}</span>
          </Button>
        </div>
      )}
      {open?.does === 'name' && (
        <NameDialog
          title={text('security', open.isNew ? 'passkeys.added' : 'passkeys.rename')}
          name={open.passkey.name}
          {...(open.isNew && { leave: text('common', 'close') })}
          onSave={async (name) => {
            const { id } = open.passkey;
            await api.call('PATCH /v1/me/passkeys/{id}', { params: { id }, body: { name } });
            setDone(text('security', 'renamed', { name }));
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          {open.isNew && <p>{text('security', 'passkeys.addedWhat')}</p>}
        </NameDialog>
      )}
      {open?.does === 'remove' && (
        <RemovalDialog
          title={text('security', 'passkeys.removeTitle', { name: open.passkey.name })}
          factors={factors}
          means={text('security', 'passkeys.removeWhat')}
          remove={() => api.call('DELETE /v1/me/passkeys/{id}', { params: { id: open.passkey.id } })}
          onDone={() => {
            setDone(text('security', 'passkeys.removed', { name: open.passkey.name }));
            reload();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Card>
  );
}

function PasskeyRow({
  passkey,
  onOpen,
}: {
  readonly passkey: Passkey;
  readonly onOpen: (open: Open) => void;
}) {
  const { name, synced } = passkey;
  return (
    <Row
      icon="passkey"
      title={
        <>
          <bdi>{name}</bdi> {synced && <Badge>{text('security', 'passkeys.synced')}</Badge>}
        </>
      }
      detail={usage(passkey)}
      action={
        <Menu label={text('security', 'more', { name })} button={<Icon name="more" />}>
          <MenuItem onClick={() => onOpen({ does: 'name', passkey, isNew: false })}>
            {text('security', 'rename')}
          </MenuItem>
          <MenuItem danger onClick={() => onOpen({ does: 'remove', passkey })}>
            {text('security', 'remove')}
          </MenuItem>
        </Menu>
      }
    />
  );
}
