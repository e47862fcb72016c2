import { useState } from 'preact/hooks';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { Show } from '../../../kit/loading.tsx';
import { Menu, MenuItem } from '../../../kit/menu.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import type { Resource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { day } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { NameDialog } from '../parts/name-dialog.tsx';
import { deviceName } from './device-name.ts';
import { type Device, seen, titleOf } from './session-words.ts';
import { unlessGone } from './unless-gone.ts';

interface Open {
  readonly does: 'forget' | 'rename';
  readonly device: Device;
}

/** Devices on which a sign-in is nothing unusual. */
export function Devices({ devices }: { readonly devices: Resource<readonly Device[]> }) {
  const [open, setOpen] = useState<Open>();
  const [done, setDone] = useState<string>();
  const close = () => setOpen(undefined);
  const { reload } = devices;
  return (
    <Card title={text('security', 'devices.title')}>
      <p>{text('security', 'devices.what')}</p>
      <Done>{done}</Done>
      <Show of={devices} lines={3}>
        {(value) =>
          value.length === 0 ? (
            <p class="muted">{text('security', 'devices.none')}</p>
          ) : (
            <Rows label={text('security', 'devices.title')}>
              {value.map((device) => (
                <DeviceRow key={device.id} device={device} onOpen={setOpen} />
              ))}
            </Rows>
          )
        }
      </Show>
      {open?.does === 'forget' && (
        <ConfirmDialog
          title={text('security', 'devices.forgetTitle', { name: titleOf(open.device) })}
          action={text('security', 'devices.forget')}
          danger
          onConfirm={async () => {
            await forget(open.device.id);
            setDone(text('security', 'devices.forgotten', { name: titleOf(open.device) }));
            reload();
          }}
          onClose={close}
        >
          <p>{text('security', 'devices.forgetWhat')}</p>
        </ConfirmDialog>
      )}
      {open?.does === 'rename' && (
        <NameDialog
          title={text('security', 'devices.rename')}
          name={titleOf(open.device)}
          onSave={async (name) => {
            const { id } = open.device;
            await api.call('PATCH /v1/me/devices/{id}', { params: { id }, body: { name } });
            setDone(text('security', 'renamed', { name }));
            reload();
          }}
          onClose={close}
        />
      )}
    </Card>
  );
}

const forget = (id: string): Promise<void> =>
  unlessGone(() => api.call('DELETE /v1/me/devices/{id}', { params: { id } }), 'DEVICE_UNKNOWN');

function DeviceRow({ device, onOpen }: { readonly device: Device; readonly onOpen: (open: Open) => void }) {
  const title = titleOf(device);
  const facts = [
    device.name === undefined ? undefined : deviceName(device.device),
    text('security', 'devices.since', { day: day(device.firstSeenAt) }),
    seen(device.lastSeenAt),
  ].filter((fact) => fact !== undefined);
  return (
    <Row
      icon="devices"
      title={
        <>
          <bdi>{title}</bdi>{' '}
          {device.current && <Badge kind="done">{text('security', 'sessions.this')}</Badge>}
        </>
      }
      detail={facts.map((fact) => (
        <span key={fact} class="fact">
          {fact}
        </span>
      ))}
      action={
        <Menu label={text('security', 'more', { name: title })} button={<Icon name="more" />}>
          <MenuItem onClick={() => onOpen({ does: 'rename', device })}>{text('security', 'rename')}</MenuItem>
          <MenuItem danger onClick={() => onOpen({ does: 'forget', device })}>
            {text('security', 'devices.forget')}
          </MenuItem>
        </Menu>
      }
    />
  );
}
