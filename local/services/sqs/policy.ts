/** Whether an AWS service may put messages into a queue by the queue's policy: events and alarms need that. */
export interface ServiceSender {
  readonly queueArn: string;
  /** `events.amazonaws.com` */
  readonly principal: string;
  readonly sourceArn: string;
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Allow statements for service principals with conditions on `aws:SourceArn`; any other condition does not match. */
export function allowsService(document: unknown, sender: ServiceSender): boolean {
  const statements = list((document as { Statement?: unknown } | undefined)?.Statement) as Statement[];
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      principals(statement.Principal).some((name) => name === '*' || name === sender.principal) &&
      list(statement.Action).some((action) => matches(String(action), 'sqs:SendMessage')) &&
      list(statement.Resource).some((resource) => matches(String(resource), sender.queueArn)) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, sender)),
  );
}

const sourceOperators = new Set(['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike']);

const holds = (operator: string, keys: Readonly<Record<string, unknown>>, sender: ServiceSender): boolean =>
  sourceOperators.has(operator) &&
  Object.entries(keys).every(
    ([key, wanted]) =>
      key.toLowerCase() === 'aws:sourcearn' &&
      list(wanted).some((pattern) => matches(String(pattern), sender.sourceArn)),
  );

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const principals = (value: unknown): readonly string[] =>
  value === '*' ? ['*'] : list((value as { Service?: unknown } | undefined)?.Service).map(String);

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$+.()|{}[\]]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
