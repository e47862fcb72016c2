import { forwardedAddresses, plainAddress } from './addresses.ts';
import { compileField, DEFAULT_BODY_LIMIT_BYTES } from './fields.ts';
import { asList, type Evaluation, onlyKey, type Properties, UnsupportedWaf } from './request.ts';
import { compileTransformations } from './transformations.ts';

/**
 * The aggregation key of a request. `undefined`: a part is missing, so the request is not counted at all
 * [aws-facts 8.4]. A fixed answer is the fallback for a malformed forwarded address.
 */
export type RateKey = (evaluation: Evaluation) => string | undefined | { readonly fixed: boolean };

export function compileRateKey(statement: Properties, where: string): RateKey {
  switch (statement.AggregateKeyType ?? 'IP') {
    case 'IP':
      return ({ request }) => plainAddress(request.sourceIp);
    case 'FORWARDED_IP':
      return forwardedKey(statement.ForwardedIPConfig as Properties);
    case 'CONSTANT':
      return () => 'all';
    case 'CUSTOM_KEYS':
      return customKey(statement, where);
    default:
      throw new UnsupportedWaf(where, `AggregateKeyType ${String(statement.AggregateKeyType)} is not known`);
  }
}

const forwardedKey =
  (config: Properties): RateKey =>
  ({ request }) => {
    const found = forwardedAddresses(request, config);
    if (found.kind === 'addresses') return found.all[0];
    return found.kind === 'missing' ? undefined : { fixed: config.FallbackBehavior === 'MATCH' };
  };

function customKey(statement: Properties, where: string): RateKey {
  const parts = asList(statement.CustomKeys).map((key, index) =>
    compilePart(key, statement, `${where}.CustomKeys[${index}]`),
  );
  return (evaluation) => {
    const values: string[] = [];
    for (const part of parts) {
      const value = part(evaluation);
      if (typeof value !== 'string') return value;
      values.push(value);
    }
    return JSON.stringify(values);
  };
}

function compilePart(key: unknown, statement: Properties, where: string): RateKey {
  const [kind, settings] = onlyKey(key, where);
  if (kind === 'IP') return ({ request }) => plainAddress(request.sourceIp);
  if (kind === 'ForwardedIP') return forwardedKey(statement.ForwardedIPConfig as Properties);
  if (kind === 'HTTPMethod') return ({ request }) => request.method;
  if (kind === 'LabelNamespace') return labelKey(String(settings.Namespace));
  if (kind === 'Cookie') return fieldKey({ Cookies: cookieNamed(settings) }, settings, where);
  const field = FIELD_OF_KEY[kind];
  if (field === undefined) throw new UnsupportedWaf(where, `custom key ${kind} is not evaluated here`);
  return fieldKey({ [field]: settings }, settings, where);
}

const FIELD_OF_KEY: Readonly<Record<string, string>> = {
  Header: 'SingleHeader',
  QueryArgument: 'SingleQueryArgument',
  QueryString: 'QueryString',
  UriPath: 'UriPath',
};

const cookieNamed = ({ Name }: Properties) => ({
  MatchPattern: { IncludedCookies: [Name] },
  MatchScope: 'VALUE',
});

function fieldKey(fieldToMatch: Properties, settings: Properties, where: string): RateKey {
  const field = compileField(fieldToMatch, { where, bodyLimitBytes: DEFAULT_BODY_LIMIT_BYTES });
  const transform = compileTransformations(settings.TextTransformations, where);
  return ({ request }) => {
    const content = field(request);
    if ('fixed' in content) return content;
    return content.length === 0 ? undefined : content.map(transform).join(',');
  };
}

const labelKey =
  (namespace: string): RateKey =>
  ({ labels }) => {
    const found = [...labels].filter((label) => label.startsWith(namespace));
    return found.length === 0 ? undefined : found.sort().join(',');
  };
