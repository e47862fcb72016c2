import type { HttpResponse } from '../../platform.ts';
import type { Fields } from '../fields.ts';
import { knownProperties } from '../known-properties.ts';

export interface ResponseHeaders {
  readonly set: readonly { readonly name: string; readonly value: string; readonly override: boolean }[];
  readonly remove: readonly string[];
}

type Entry = ResponseHeaders['set'][number];

/** Compiles `ResponseHeadersPolicyConfig`. */
export function compileResponseHeaders(config: unknown): ResponseHeaders {
  const policy = knownProperties(config, 'ResponseHeadersPolicyConfig', [
    ...['Name', 'Comment', 'SecurityHeadersConfig', 'CustomHeadersConfig', 'RemoveHeadersConfig'],
  ]);
  const security = knownProperties(
    policy.values.SecurityHeadersConfig,
    'SecurityHeadersConfig',
    Object.keys(securityHeaders),
  );
  return {
    set: [
      ...Object.entries(securityHeaders).flatMap(([property, compile]) => {
        const given = security.optionalObject(property);
        return given ? [compile(given)] : [];
      }),
      ...items(policy, 'CustomHeadersConfig').map((item) =>
        entry(item.text('Header'), item.text('Value'), item),
      ),
    ],
    remove: items(policy, 'RemoveHeadersConfig').map((item) => item.text('Header').toLowerCase()),
  };
}

const items = (policy: Fields, property: string): readonly Fields[] =>
  policy.optionalObject(property)?.objects('Items') ?? [];

const entry = (name: string, value: string, fields: Fields): Entry => ({
  name: name.toLowerCase(),
  value,
  override: fields.flag('Override'),
});

const securityHeaders: Readonly<Record<string, (fields: Fields) => Entry>> = {
  ContentSecurityPolicy: (fields) =>
    entry('content-security-policy', fields.text('ContentSecurityPolicy'), fields),
  ContentTypeOptions: (fields) => entry('x-content-type-options', 'nosniff', fields),
  FrameOptions: (fields) => entry('x-frame-options', fields.text('FrameOption'), fields),
  ReferrerPolicy: (fields) => entry('referrer-policy', fields.text('ReferrerPolicy'), fields),
  StrictTransportSecurity: (fields) =>
    entry(
      'strict-transport-security',
      [
        `max-age=${fields.integer('AccessControlMaxAgeSec', { min: 0, max: 2_147_483_647, default: 0 })}`,
        ...(fields.flag('IncludeSubdomains') ? ['includeSubDomains'] : []),
        ...(fields.flag('Preload') ? ['preload'] : []),
      ].join('; '),
      fields,
    ),
};

export function withResponseHeaders(response: HttpResponse, { set, remove }: ResponseHeaders): HttpResponse {
  const headers = new Map(
    Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const name of remove) headers.delete(name);
  for (const { name, value, override } of set) if (override || !headers.has(name)) headers.set(name, value);
  return { ...response, headers: Object.fromEntries(headers) };
}
