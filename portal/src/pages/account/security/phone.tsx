import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Notice } from '../../../kit/notice.tsx';
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
  const [isDone, setIsDone] = useState(false);
  const mayAdd = canEnrol.includes('phone');
  if (!phone && !mayAdd) return null;
  const close = () => setOpen(undefined);
  const done = (isAdded: boolean) => {
    setIsDone(isAdded);
    reload();
  };
  return (
    <Card title={text('security', 'phone.title')}>
      <p>{text('security', 'phone.what')}</p>
      {phone && (
        <Rows label={text('security', 'phone.title')}>
          <Row icon="phone" title={<bdi dir="ltr">{phone.number}</bdi>} detail={usage(phone)} />
        </Rows>
      )}
      {isDone && <Notice kind="done">{text('security', 'phone.done')}</Notice>}
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
            done(true);
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
          onDone={() => done(false)}
          onClose={close}
        />
      )}
    </Card>
  );
}
