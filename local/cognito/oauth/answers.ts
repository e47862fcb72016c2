import type { HttpResponse } from '../../platform.ts';

/** An error of the machine-facing endpoints (RFC 6749, 5.2); AWS answers all of them with 400. */
export class OAuthError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.name = 'OAuthError';
    this.code = code;
  }
}

const open = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  pragma: 'no-cache',
};

export const json = (
  status: number,
  content: object,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8', ...open, ...headers },
  body: JSON.stringify(content),
});

export const oauthProblem = ({ code, message }: OAuthError): HttpResponse =>
  json(400, { error: code, error_description: message });

/** Browsers of any origin may call the token, userInfo and revocation endpoints, as in AWS. */
export const preflight: HttpResponse = {
  status: 200,
  headers: {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-amz-user-agent',
    'access-control-max-age': '3600',
  },
};

export const redirect = (location: string, cookies: readonly string[] = []): HttpResponse => ({
  status: 302,
  headers: {
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
  },
});

/** Adds to a URI that was compared exactly, without writing it anew. */
export function withParameters(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) added.set(name, value);
  if (added.size === 0) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${added}`;
}
