import type { ComponentChildren } from 'preact';
import { Badge } from '../../kit/rows.tsx';
import { text } from '../../text/text.ts';
import { CopyButton } from '../account/parts/copy-button.tsx';
import type { Operation, Parameter } from './document.ts';
import { samplesOf } from './samples.ts';
import { Member, SchemaView } from './schema-view.tsx';

export interface OperationViewProps {
  readonly operation: Operation;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** What reads, makes, changes and removes is told apart at a glance, and by its word. */
const kinds = { GET: 'brand', POST: 'done', PUT: 'warning', PATCH: 'warning', DELETE: 'danger' } as Readonly<
  Record<string, 'brand' | 'done' | 'warning' | 'danger'>
>;

/** One operation, folded; its inside is made when it is opened, because there are many. */
export function OperationView({ operation, open, onToggle }: OperationViewProps) {
  const { id, method, path, summary } = operation;
  return (
    <details
      id={id}
      class="operation card"
      open={open}
      onToggle={({ currentTarget }) => currentTarget.open !== open && onToggle(currentTarget.open)}
    >
      <summary>
        <h3 lang="en">
          <Badge kind={kinds[method] ?? 'plain'}>{method}</Badge> <code dir="ltr">{path}</code>
        </h3>
        <p lang="en">{summary}</p>
      </summary>
      {open && <Inside operation={operation} />}
    </details>
  );
}

function Inside({ operation }: { readonly operation: Operation }) {
  const { id, scopes, parameters, body, answer, problems } = operation;
  const { client, curl } = samplesOf(operation, location.origin);
  return (
    <div class="stack">
      <p class="muted">
        {scopes.length === 0
          ? text('developers', 'public')
          : text('developers', 'scope', { scope: isolated(scopes.join(', ')) })}{' '}
        <a href={`#${id}`}>{text('developers', 'link')}</a>
      </p>
      {parameters.length > 0 && (
        <Part title={text('developers', 'parameters')}>
          <ul class="members">
            {parameters.map((parameter) => (
              <li key={parameter.in + parameter.name}>
                <Member {...parameter} description={parameter.description} />
                <p class="muted">{place(parameter)}</p>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {body && (
        <Part title={text('developers', 'body')}>{body.schema && <SchemaView schema={body.schema} />}</Part>
      )}
      <Part title={text('developers', 'example')}>
        <Sample name={text('developers', 'sample.client')} code={client} />
        <Sample name="curl" code={curl} />
      </Part>
      <Part title={text('developers', 'answer', { status: answer.status })}>
        {answer.schema ? <SchemaView schema={answer.schema} /> : <p>{text('developers', 'empty')}</p>}
      </Part>
      <Part title={text('developers', 'problems')}>
        <dl class="problems">
          {problems.map(({ status, codes }) => (
            <div key={status}>
              <dt>{status}</dt>
              <dd lang="en" dir="ltr">
                {codes.map((code) => (
                  <code key={code}>{code}</code>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Part>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="stack tight">
      <h4>{title}</h4>
      {children}
    </section>
  );
}

function Sample({ name, code }: { readonly name: string; readonly code: string }) {
  return (
    <figure>
      <figcaption class="muted">{name}</figcaption>
      <pre lang="en" dir="ltr">
        <code>{code}</code>
      </pre>
      <CopyButton value={code} />
    </figure>
  );
}

/** Left to right inside a line of any direction, and without pulling the full stop along (UAX #9, FSI and PDI). */
const isolated = (words: string): string => `\u2068${words}\u2069`;

function place({ in: where }: Parameter): string {
  if (where === 'path') return text('developers', 'in.path');
  return where === 'query' ? text('developers', 'in.query') : text('developers', 'in.header');
}
