/** A provider that this machine cannot or may not ask; the text is for the developer who configured it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
const timeoutMs = 5_000;
const maxDocumentBytes = 1_000_000;

/** @throws ProviderError for an address outside of this machine: the local cloud sends nothing anywhere else */
export function loopbackUrl(address: string, what: string): URL {
  if (!URL.canParse(address)) throw new ProviderError(`${what} is not a URL.`);
  const url = new URL(address);
  if (!loopback.has(url.hostname) || !['http:', 'https:'].includes(url.protocol)) {
    throw new ProviderError(
      `${what} is on ${url.hostname}: the local cloud only talks to providers on this machine (127.0.0.1). Run one there, or deploy.`,
    );
  }
  return url;
}

/** Asks a provider on this machine, follows no redirect, reads at most one megabyte. */
export async function askProvider(address: string, what: string, init: RequestInit = {}): Promise<string> {
  const url = loopbackUrl(address, what);
  const answer = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new ProviderError(`${what} does not answer.`, { cause: error });
  });
  const body = await answer.text();
  if (body.length > maxDocumentBytes) throw new ProviderError(`${what} answers with too much.`);
  if (!answer.ok) throw new ProviderError(`${what} answers ${answer.status}${oauthError(body)}.`);
  return body;
}

/** @throws ProviderError when the answer is no JSON object */
export async function askForJson(
  address: string,
  what: string,
  init?: RequestInit,
): Promise<Readonly<Record<string, unknown>>> {
  const body = await askProvider(address, what, init);
  const value = readJson(body);
  if (!value) throw new ProviderError(`${what} does not answer with a JSON object.`);
  return value;
}

/** The error code of RFC 6749, 5.2; its description may quote what was sent. */
function oauthError(body: string): string {
  const code = readJson(body)?.error;
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? ` ${code}` : '';
}

function readJson(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // the caller says what was expected
  }
}
