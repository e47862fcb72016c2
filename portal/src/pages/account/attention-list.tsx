import type { ComponentChildren } from 'preact';
import { Button } from '../../kit/button.tsx';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { paths } from '../../paths.ts';
import { ago, moment } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { Attention, Consent } from './attention.ts';
import { deviceName } from './sessions/device-name.ts';

export interface AttentionListProps {
  readonly items: readonly Attention[];
  readonly nameOf: (consent: Consent) => string;
  /** The person says that the sign-in was their own. */
  readonly onKnown: (eventId: string) => void;
}

/** What to look at, most urgent first, each with the one thing to do about it. */
export function AttentionList({ items, nameOf, onKnown }: AttentionListProps) {
  return (
    <ul class="attention plain">
      {items.map((item) => (
        <AttentionItem key={keyOf(item)} item={item} nameOf={nameOf} onKnown={onKnown} />
      ))}
    </ul>
  );
}

const keyOf = (item: Attention): string =>
  'consent' in item ? item.consent.purpose : 'event' in item ? item.event.id : item.kind;

function AttentionItem({
  item,
  nameOf,
  onKnown,
}: Omit<AttentionListProps, 'items'> & { readonly item: Attention }) {
  switch (item.kind) {
    case 'recovery':
      return (
        <Entry
          icon="warning"
          urgent
          title={text('account', 'attention.recovery')}
          detail={text('account', 'attention.recovery.detail', { when: moment(item.readyAt) })}
        >
          <a class="button primary" href={paths.security}>
            {text('account', 'attention.recovery.action')}
          </a>
        </Entry>
      );
    case 'sign-in':
      return (
        <Entry
          icon="warning"
          urgent
          title={text('account', 'attention.sign-in')}
          detail={text('account', 'attention.sign-in.detail', {
            device: deviceName(item.event.device),
            when: ago(item.event.at),
          })}
        >
          <Button onClick={() => onKnown(item.event.id)}>{text('account', 'attention.sign-in.mine')}</Button>
          <a class="button danger" href={paths.sessions}>
            {text('account', 'attention.sign-in.not-mine')}
          </a>
        </Entry>
      );
    case 'terms':
    case 'consent':
      return (
        <Entry
          icon="paper"
          title={text('account', `attention.${item.kind}`, { name: nameOf(item.consent) })}
          detail={text('account', `attention.${item.kind}.detail`)}
        >
          <a class="button" href={`${paths.privacy}?purpose=${item.consent.purpose}`}>
            {text('account', 'attention.consent.action')}
          </a>
        </Entry>
      );
    case 'first-factor':
      return (
        <Entry
          icon="passkey"
          title={text('account', 'attention.first-factor')}
          detail={text('account', 'attention.first-factor.detail')}
        >
          <a class="button" href={`${paths.security}#passkeys`}>
            {text('account', 'attention.first-factor.action')}
          </a>
        </Entry>
      );
    case 'recovery-codes':
      return (
        <Entry
          icon="paper"
          title={
            item.left === 0
              ? text('account', 'attention.no-codes')
              : text('account', 'attention.few-codes', { count: item.left })
          }
          detail={text('account', 'attention.codes.detail')}
        >
          <a class="button" href={`${paths.security}#recovery-codes`}>
            {text('account', 'attention.codes.action')}
          </a>
        </Entry>
      );
  }
}

interface EntryProps {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly urgent?: boolean;
  readonly children: ComponentChildren;
}

function Entry({ icon, title, detail, urgent = false, children }: EntryProps) {
  return (
    <li class={urgent ? 'urgent' : ''}>
      <Icon name={icon} />
      <div class="about">
        <h3>{title}</h3>
        <p class="muted">{detail}</p>
        <div class="actions">{children}</div>
      </div>
    </li>
  );
}
