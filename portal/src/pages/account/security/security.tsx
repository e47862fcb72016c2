import { Show } from '../../../kit/loading.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { Page } from '../../../kit/page.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { Authenticator } from './authenticator.tsx';
import type { Factors } from './factors.ts';
import { Passkeys } from './passkeys.tsx';
import { PasswordCard } from './password-card.tsx';
import { Phone } from './phone.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import './security.css';

/** Everything that signs a person in, and what a change to each means. */
export default function Security() {
  const factors = useResource(() => api.call('GET /v1/me/factors'));
  return (
    <Page title={text('security', 'title')} lead={text('security', 'lead')}>
      <Show of={factors} lines={10}>
        {(value: Factors) => (
          <>
            {!hasFactor(value) && <Notice kind="warning">{text('security', 'none')}</Notice>}
            <Passkeys factors={value} reload={factors.reload} />
            <Authenticator factors={value} reload={factors.reload} />
            <Phone factors={value} reload={factors.reload} />
            <RecoveryCodes factors={value} reload={factors.reload} />
          </>
        )}
      </Show>
      <PasswordCard />
    </Page>
  );
}

const hasFactor = ({ passkeys, totp, phone }: Factors): boolean =>
  passkeys.length > 0 || totp !== undefined || phone !== undefined;
