/** Longest that is looked at: API Gateway lets 10 kB of headers through. */
const maxLength = 8_192;

/** RFC 6265 pairs; the first of a repeated name counts, so that a second one cannot replace it. */
export function readCookies(
  multiValueHeaders: Readonly<Record<string, readonly string[] | undefined>> | null | undefined,
): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  const lines = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    name.toLowerCase() === 'cookie' ? (values ?? []) : [],
  );
  for (const pair of lines.join('; ').slice(0, maxLength).split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name !== '') cookies[name] ??= pair.slice(equals + 1).trim();
  }
  return cookies;
}
