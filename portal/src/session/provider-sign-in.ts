import { ownPage, paths } from '../paths.ts';
import { api } from './api.ts';

const thenKey = 'vestibule.provider-then';

/**
 * Leaves for the other service; it comes back to `paths.provider`.
 * @param then - page to go on to afterwards
 * @param isProof - has the service ask again, so that the session is good for what needs a fresh proof
 */
export async function beginProviderSignIn(
  provider: string,
  then: string | undefined,
  { isProof = false }: { readonly isProof?: boolean } = {},
): Promise<void> {
  const body = { provider, ...(isProof && { fresh: true as const }) };
  const { url } = await api.call('POST /v1/sessions/provider', { body });
  sessionStorage.setItem(thenKey, ownPage(then));
  location.assign(url);
}

/** @returns the page that was wanted before the other service, once */
export function takeThen(): string {
  const then = sessionStorage.getItem(thenKey);
  sessionStorage.removeItem(thenKey);
  return then === null ? paths.overview : ownPage(then);
}

export interface ProviderReturn {
  readonly state: string;
  readonly code?: string;
  readonly refusal?: string;
}

/** What the other service said, by the address that it came back to; good for one call, so it leaves the address. */
export function takeReturn(): ProviderReturn | undefined {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname);
  const state = query.get('state');
  const code = query.get('code');
  const refusal = query.get('error_description') ?? query.get('error');
  if (state === null) return undefined;
  return { state, ...(code !== null ? { code } : refusal !== null && { refusal }) };
}
