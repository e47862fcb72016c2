import { useEffect, useMemo, useState } from 'preact/hooks';
import { Field } from '../../kit/field.tsx';
import { Show } from '../../kit/loading.tsx';
import { Page } from '../../kit/page.tsx';
import { useResource } from '../../kit/use-resource.ts';
import { api } from '../../session/api.ts';
import { Footer } from '../../shell/footer.tsx';
import { Header } from '../../shell/header.tsx';
import { text } from '../../text/text.ts';
import './developers.css';
import { type ApiDocument, byArea, matching, operationsOf } from './document.ts';
import { OperationView } from './operation-view.tsx';

const place = '/v1/openapi.json';

/** The API reference: what `/v1/openapi.json` says, to read, to search and to link to. */
export default function Developers() {
  const document = useResource(
    async () => (await api.call('GET /v1/openapi.json')) as unknown as ApiDocument,
  );
  return (
    <div class="developers">
      <Header />
      <div id="content">
        <Page title={text('developers', 'title')} lead={text('developers', 'lead')}>
          <p>
            <a href={place} download="openapi.json">
              {text('developers', 'download')}
            </a>
          </p>
          <Show of={document} lines={12}>
            {(value) => <Reference document={value} />}
          </Show>
        </Page>
      </div>
      <Footer />
    </div>
  );
}

function Reference({ document }: { readonly document: ApiDocument }) {
  const operations = useMemo(() => operationsOf(document), [document]);
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useLinked();
  const found = matching(operations, wanted);
  const groups = byArea(found);
  return (
    <div class="reference">
      <nav aria-label={text('developers', 'groups')}>
        <ul class="plain">
          {[...groups.keys()].map((area) => (
            <li key={area} lang="en">
              <a class="jump" href={`#${anchor(area)}`}>
                <bdi>{area}</bdi>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="stack">
        <Field
          type="search"
          label={text('developers', 'search')}
          hint={text('developers', 'search.hint')}
          value={wanted}
          onValue={setWanted}
        />
        <p role="status" class="muted">
          {found.length === 0
            ? text('developers', 'none')
            : text('developers', 'found', { count: found.length })}
        </p>
        {[...groups].map(([area, members]) => (
          <section key={area} class="stack" aria-labelledby={anchor(area)}>
            <h2 id={anchor(area)} lang="en" tabIndex={-1}>
              <bdi>{area}</bdi>
            </h2>
            {members.map((operation) => (
              <OperationView
                key={operation.id}
                operation={operation}
                open={open.has(operation.id)}
                onToggle={(isOpen) => setOpen(operation.id, isOpen)}
              />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

const anchor = (area: string): string => `group-${area.replace('/', '-')}`;

/** Which operations are unfolded; the one that the address names is, and comes into view. */
function useLinked(): [ReadonlySet<string>, (id: string, isOpen: boolean) => void] {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([linked()]));
  useEffect(() => {
    const follow = () => {
      setOpen((before) => new Set([...before, linked()]));
      globalThis.document.getElementById(linked())?.scrollIntoView();
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const toggle = (id: string, isOpen: boolean) =>
    setOpen((before) => new Set(isOpen ? [...before, id] : [...before].filter((one) => one !== id)));
  return [open, toggle];
}

const linked = (): string => location.hash.slice(1);
