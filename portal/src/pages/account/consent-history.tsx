import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Show } from '../../kit/loading.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useResource } from '../../kit/use-resource.ts';
import { api } from '../../session/api.ts';
import { moment } from '../../text/intl.ts';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';
import { entryId, useOlder } from './parts/use-older.ts';

type Page = AnswerOf<'GET /v1/me/consents/history'>;

interface ConsentHistoryProps {
  readonly purposeName: (purpose: string) => string;
  /** How many answers this page has given: with each the list is read anew. */
  readonly answers: number;
}

/** Entries per page. */
const pageSize = '10';
const readPage = (cursor?: string) =>
  api.call('GET /v1/me/consents/history', { query: { limit: pageSize, cursor } });

/** Every answer that was ever given, newest first. */
export function ConsentHistory({ purposeName, answers }: ConsentHistoryProps) {
  const first = useResource(() => readPage(), [answers]);
  return (
    <Show of={first} lines={4}>
      {(page) => <Entries key={page.entries[0]?.id} first={page} purposeName={purposeName} />}
    </Show>
  );
}

const asPage = ({ entries, next }: Page) => ({ items: entries, next });

function Entries({
  first,
  purposeName,
}: Pick<ConsentHistoryProps, 'purposeName'> & { readonly first: Page }) {
  const {
    items: entries,
    more,
    hasMore,
  } = useOlder(asPage(first), async (cursor) => asPage(await readPage(cursor)));
  if (entries.length === 0) return <p class="muted">{text('privacy', 'history.none')}</p>;
  return (
    <>
      <ul class="rows">
        {entries.map((entry) => (
          <li key={entry.id} id={entryId(entry)} tabIndex={-1}>
            <div class="about">
              <div>{text('privacy', `history.${entry.decision}`, { name: purposeName(entry.purpose) })}</div>
              <div class="detail">
                <time dateTime={entry.at}>{moment(entry.at)}</time>
                {` · ${text('privacy', 'history.version', { version: isolated(entry.version) })} · ${text('privacy', `history.source.${entry.source}`)}`}
              </div>
            </div>
          </li>
        ))}
      </ul>
      <ProblemNotice error={more.error} area="privacy" />
      {hasMore && (
        <Button busy={more.busy} onClick={() => more.run()}>
          {text('privacy', 'history.more')}
        </Button>
      )}
    </>
  );
}
