import { Card } from '../../../kit/card.tsx';
import { Badge } from '../../../kit/rows.tsx';
import { day, number } from '../../../text/intl.ts';
import { hasText, text } from '../../../text/text.ts';
import { reasonName } from '../statistics/words.ts';
import type { Person } from './found.ts';
import { exactMoment } from './times.ts';

export function StateCard({ person }: { readonly person: Person }) {
  const { sub, createdAt, lock, factors, links, recovery } = person;
  return (
    <Card title={text('operator', 'state')} action={<StateBadge person={person} />}>
      <dl class="facts">
        <dt>{text('operator', 'state.id')}</dt>
        <dd>
          <code>{sub}</code>
        </dd>
        {createdAt && (
          <>
            <dt>{text('operator', 'state.since')}</dt>
            <dd>{day(createdAt)}</dd>
          </>
        )}
        {lock && (
          <>
            <dt>{text('operator', 'state.lock')}</dt>
            <dd>
              {text('operator', 'state.lockedBecause', {
                reason: reasonName(lock.reason),
                at: exactMoment(lock.at),
              })}
              {lock.note && <blockquote>{lock.note}</blockquote>}
              <span class="muted small">
                {lock.by === sub ? (
                  text('operator', 'state.lockedByOwner')
                ) : (
                  <>
                    {text('operator', 'state.lockedBy')} <code>{lock.by}</code>
                  </>
                )}
              </span>
            </dd>
          </>
        )}
        <dt>{text('operator', 'state.factors')}</dt>
        <dd>
          <Factors factors={factors} />
        </dd>
        {links.length > 0 && (
          <>
            <dt>{text('operator', 'state.links')}</dt>
            <dd>
              <ul class="plain">
                {links.map(({ provider, primary, linkedAt }) => (
                  <li key={`${provider} ${linkedAt}`}>
                    {text('operator', primary ? 'links.primary' : 'links.since', {
                      provider,
                      at: day(linkedAt),
                    })}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        <dt>{text('operator', 'state.recovery')}</dt>
        <dd>
          {text('operator', `recovery.${recovery.state}`)}
          {recovery.readyAt && recovery.state === 'requested' && (
            <> · {text('operator', 'recovery.readyAt', { at: exactMoment(recovery.readyAt) })}</>
          )}
        </dd>
      </dl>
    </Card>
  );
}

function StateBadge({ person: { lock, enabled, status } }: { readonly person: Person }) {
  if (lock) return <Badge kind="danger">{text('operator', 'status.locked')}</Badge>;
  if (!enabled) return <Badge kind="danger">{text('operator', 'status.disabled')}</Badge>;
  const key = `status.${status}`;
  const words = hasText('operator', key) ? text('operator', key as never) : status;
  return <Badge kind={status === 'CONFIRMED' ? 'done' : 'warning'}>{words}</Badge>;
}

function Factors({ factors }: Pick<Person, 'factors'>) {
  const { passkeys, totp, phone, recoveryCodesLeft } = factors;
  const held = [
    ...(passkeys > 0 ? [text('operator', 'factors.passkeys', { count: passkeys })] : []),
    ...(totp ? [text('operator', 'method.totp')] : []),
    ...(phone ? [text('operator', 'factor.phone')] : []),
    ...(recoveryCodesLeft > 0 ? [text('operator', 'factors.codes', { count: recoveryCodesLeft })] : []),
  ];
  if (held.length === 0)
    return <span class="muted">{text('operator', 'factors.none', { count: number(0) })}</span>;
  return (
    <ul class="plain">
      {held.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
