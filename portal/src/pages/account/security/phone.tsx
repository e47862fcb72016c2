import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Row, Rows } from '../../../kit/rows.tsx';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { type FactorCardProps, usage } from './factors.ts';
import { PhoneSetup } from './phone-setup.tsx';
import { RemovalDialog } from './removal-dialog.tsx';

/** Only where this installation can reach phones, or somebody has one from a time when it could. */
export function Phone({ factors, reload }: FactorCardProps) {
  const { phone, canEnrol } = factors;
  const [open, setOpen] = useState<'setup' | 'remove'>();
  const [done, setDone] = useState<'phone.done' | 'phone.removed'>();
  const mayAdd = canEnrol.includes('phone');
  if (!phone && !mayAdd) return null;
  const close = () => setOpen(undefined);
  const finish = (said: 'phone.done' | 'phone.removed') => {
    setDone(said);
    reload();
  };
  return (
    <Card title={text('security', 'phone.title')} place="phone">
      <p>{text('security', 'phone.what')}</p>
      {phone && (
        <Rows label={text('security', 'phone.title')}>
          <Row icon="phone" title={<bdi dir="ltr">{phone.number}</bdi>} detail={usage(phone)} />
        </Rows>
      )}
      <Done>{done && text('security', done)}</Done>
      <div class="actions">
        {mayAdd && (
          <Button onClick={() => setOpen('setup')}>
            {text('security', phone ? 'phone.replace' : 'phone.add')}
          </Button>
        )}
        {phone && (
          <Button look="danger" onClick={() => setOpen('remove')}>
            {text('security', 'remove')}
          </Button>
        )}
      </div>
      {open === 'setup' && (
        <PhoneSetup
          replaces={phone !== undefined}
          onDone={() => {
            close();
            finish('phone.done');
          }}
          onClose={close}
        />
      )}
      {open === 'remove' && (
        <RemovalDialog
          title={text('security', 'phone.removeTitle')}
          factors={factors}
          means={text('security', 'phone.removeWhat')}
          remove={() => api.call('DELETE /v1/me/phone')}
          onDone={() => finish('phone.removed')}
          onClose={close}
        />
      )}
    </Card>
  );
}
