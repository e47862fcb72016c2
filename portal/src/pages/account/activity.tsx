import { useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Empty } from '../../kit/empty.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Show } from '../../kit/loading.tsx';
import { Page } from '../../kit/page.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useResource } from '../../kit/use-resource.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { openSession } from '../../session/session.ts';
import { clock } from '../../text/intl.ts';
import { language, text } from '../../text/text.ts';
import { purposeNames } from './account-facts.ts';
import { daysOf, dayTitle } from './activity-days.ts';
import { iconOf, isTelling, type Names, wordsOf } from './activity-words.ts';
import type { ActivityEvent } from './attention.ts';
import { entryId, useOlder } from './parts/use-older.ts';
import './account.css';

/** The first page, and what its events are called, asked for at once. */
async function readFirst() {
  const query = { locale: language.value };
  const [first, { consents }, { schema }, state] = await Promise.all([
    api.call('GET /v1/me/activity'),
    api.call('GET /v1/me/consents', { query }),
    api.call('GET /v1/me/profile', { query }),
    openSession(),
  ]);
  const here = state.kind === 'signed-in' ? state.sessions.find(({ current }) => current) : undefined;
  const names: Names = {
    purpose: purposeNames(consents),
    field: (name) => schema.find(({ field }) => field === name)?.label,
    network: here?.network,
  };
  return { first, names };
}

export default function Activity() {
  const first = useResource(readFirst, [language.value]);
  return (
    <Page title={text('account', 'nav.activity')} lead={text('activity', 'lead')}>
      <Show of={first} lines={12}>
        {(value) => <Events key={value.first.events[0]?.id} {...value} />}
      </Show>
    </Page>
  );
}

type First = Awaited<ReturnType<typeof readFirst>>;

const asPage = ({ events, next }: First['first']) => ({ items: events, next });

function Events({ first, names }: First) {
  const [doubted, setDoubted] = useState<ActivityEvent>();
  const {
    items: events,
    more,
    hasMore,
  } = useOlder(asPage(first), async (cursor) =>
    asPage(await api.call('GET /v1/me/activity', { query: { cursor } })),
  );
  if (events.length === 0) return <Empty icon="history" title={text('activity', 'none')} />;
  const now = new Date();
  return (
    <>
      {daysOf(events).map((day) => (
        <section key={day.key} class="card day" aria-labelledby={`day-${day.key}`}>
          <h2 id={`day-${day.key}`}>{dayTitle(day.key, now)}</h2>
          <ul class="rows">
            {day.events.map((event) => (
              <EventRow key={event.id} event={event} names={names} onDoubt={() => setDoubted(event)} />
            ))}
          </ul>
        </section>
      ))}
      <ProblemNotice error={more.error} />
      {hasMore && (
        <Button busy={more.busy} onClick={() => more.run()}>
          {text('activity', 'more')}
        </Button>
      )}
      {doubted && <DoubtDialog event={doubted} names={names} onClose={() => setDoubted(undefined)} />}
    </>
  );
}

interface EventRowProps {
  readonly event: ActivityEvent;
  readonly names: Names;
  readonly onDoubt: () => void;
}

function EventRow({ event, names, onDoubt }: EventRowProps) {
  const { title, details } = wordsOf(event, names);
  return (
    <li id={entryId(event)} tabIndex={-1} class={event.outcome === 'success' ? '' : 'failed'}>
      <Icon name={iconOf(event)} />
      <div class="about">
        <div>{title}</div>
        <div class="detail">
          <time dateTime={event.at}>{clock(event.at)}</time>
          {details.map((detail) => (
            <span key={detail}> · {detail}</span>
          ))}
        </div>
      </div>
      {isTelling(event) && (
        <Button look="link" aria-label={text('activity', 'doubt.of', { what: title })} onClick={onDoubt}>
          {text('activity', 'doubt')}
        </Button>
      )}
    </li>
  );
}

/** What to do when somebody else was here, most effective first. */
function DoubtDialog({
  event,
  names,
  onClose,
}: Omit<EventRowProps, 'onDoubt'> & { readonly onClose: () => void }) {
  const { title } = wordsOf(event, names);
  return (
    <Dialog title={text('activity', 'doubt.title')} onClose={onClose}>
      <p>{text('activity', 'doubt.lead', { what: title })}</p>
      <ol class="steps-to-take">
        <li>
          <a href={paths.sessions}>{text('activity', 'doubt.sessions')}</a>
        </li>
        <li>
          <a href={`${paths.security}#password`}>{text('activity', 'doubt.password')}</a>
        </li>
        <li>
          <a href={`${paths.security}#passkeys`}>{text('activity', 'doubt.factors')}</a>
        </li>
      </ol>
      <Button onClick={onClose}>{text('common', 'close')}</Button>
    </Dialog>
  );
}
