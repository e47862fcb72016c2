import { Badge } from '../../kit/rows.tsx';
import { text } from '../../text/text.ts';
import { limitsOf, type Schema, typeOf } from './document.ts';

/** The members of an object, each with its own below it; alternatives one after the other. */
export function SchemaView({ schema }: { readonly schema: Schema }) {
  const inner = schema.type === 'array' && schema.items ? schema.items : schema;
  const either = inner.anyOf ?? inner.oneOf;
  if (either?.some(hasMembers)) {
    return (
      <ol class="either" aria-label={text('developers', 'either')}>
        {either.map((one) => (
          <li key={JSON.stringify(one)}>
            {hasMembers(one) ? <SchemaView schema={one} /> : <Type schema={one} />}
          </li>
        ))}
      </ol>
    );
  }
  if (!hasMembers(inner)) return <Type schema={inner} />;
  return <Members schema={inner} />;
}

function Members({
  schema: { properties = {}, required = [], additionalProperties },
}: {
  readonly schema: Schema;
}) {
  return (
    <ul class="members">
      {Object.entries(properties).map(([name, schema]) => (
        <li key={name}>
          <Member name={name} schema={schema} required={required.includes(name)} />
        </li>
      ))}
      {typeof additionalProperties === 'object' && (
        <li>
          <Member name={text('developers', 'anyName')} schema={additionalProperties} required={false} />
        </li>
      )}
    </ul>
  );
}

export interface MemberProps {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string | undefined;
}

export function Member({ name, schema, required, description = schema.description }: MemberProps) {
  return (
    <>
      <p class="member">
        <code class="name">{name}</code> <Type schema={schema} />
        {required && <Badge>{text('developers', 'required')}</Badge>}
      </p>
      {description && <p lang="en">{description}</p>}
      {hasParts(schema) && <SchemaView schema={schema} />}
    </>
  );
}

function Type({ schema }: { readonly schema: Schema }) {
  const limits = limitsOf(schema);
  return (
    <span class="type" lang="en">
      <code dir="ltr">{typeOf(schema)}</code>
      {limits && (
        <>
          {' '}
          <code class="muted" dir="ltr">
            {limits}
          </code>
        </>
      )}
    </span>
  );
}

const hasMembers = ({ properties, additionalProperties }: Schema): boolean =>
  properties !== undefined || typeof additionalProperties === 'object';

/** Whether there is more to show than the type. */
const hasParts = (schema: Schema): boolean =>
  hasMembers(schema) ||
  (schema.items !== undefined && hasParts(schema.items)) ||
  (schema.anyOf ?? schema.oneOf ?? []).some(hasParts);
