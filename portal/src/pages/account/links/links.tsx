import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { configuration } from '../../../configuration.ts';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Done } from '../../../kit/done.tsx';
import { Empty } from '../../../kit/empty.tsx';
import { Show } from '../../../kit/loading.tsx';
import { Page } from '../../../kit/page.tsx';
import { Badge, Row, Rows } from '../../../kit/rows.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { withStepUp } from '../../../session/step-up.tsx';
import { day } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { LinkForm } from './link-form.tsx';
import './links.css';

type Link = AnswerOf<'GET /v1/me/links'>['links'][number];

/** A provider that was taken out of the configuration keeps its name. */
const labelOf = (provider: string): string =>
  configuration.value.providers.find(({ name }) => name === provider)?.label ?? provider;

/** Sign-ins of other providers that belong to the account. */
export default function Links() {
  const links = useResource(() => api.call('GET /v1/me/links').then((answer) => answer.links));
  const [removing, setRemoving] = useState<Link>();
  const [done, setDone] = useState<string>();
  const offered = configuration.value.providers;
  return (
    <Page title={text('security', 'links.title')} lead={text('security', 'links.lead')}>
      <Card title={text('security', 'links.yours')}>
        <Done>{done}</Done>
        <Show of={links} lines={3}>
          {(value) =>
            value.length === 0 ? (
              <Empty icon="link" title={text('security', 'links.none')}>
                {offered.length === 0 && <p>{text('security', 'links.noneOffered')}</p>}
              </Empty>
            ) : (
              <Rows label={text('security', 'links.yours')}>
                {value.map((link) => (
                  <Row
                    key={link.id}
                    icon="link"
                    title={
                      <>
                        <bdi>{labelOf(link.provider)}</bdi>{' '}
                        {!link.removable && <Badge>{text('security', 'links.origin')}</Badge>}
                      </>
                    }
                    detail={text('security', link.removable ? 'links.since' : 'links.originWhat', {
                      day: day(link.linkedAt),
                    })}
                    action={
                      link.removable && (
                        <Button look="danger" onClick={() => setRemoving(link)}>
                          <span aria-hidden="true">{text('security', 'remove')}</span>
                          <span class="visually-hidden">
                            {text('security', 'links.removeNamed', { name: labelOf(link.provider) })}
                          </span>
                        </Button>
                      )
                    }
                  />
                ))}
              </Rows>
            )
          }
        </Show>
      </Card>
      {offered.length > 0 && (
        <LinkForm
          labels={offered.map(({ label }) => label)}
          onLinked={(provider) => {
            setDone(text('security', 'links.added', { name: labelOf(provider) }));
            links.reload();
          }}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={text('security', 'links.removeTitle', { name: labelOf(removing.provider) })}
          action={text('security', 'remove')}
          danger
          onConfirm={async () => {
            const { id, provider } = removing;
            await withStepUp(() => api.call('DELETE /v1/me/links/{id}', { params: { id } }));
            setDone(text('security', 'links.removed', { name: labelOf(provider) }));
            links.reload();
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>{text('security', 'links.removeWhat', { name: labelOf(removing.provider) })}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
