import type { DomainRequest } from './domains.ts';

/** The error page, where nobody may be redirected to. */
export function errorLocation({ baseUrl }: DomainRequest, error: string, clientId?: string): string {
  const parameters = new URLSearchParams({ error, ...(clientId ? { client_id: clientId } : {}) });
  return `${baseUrl}/error?${parameters}`;
}
