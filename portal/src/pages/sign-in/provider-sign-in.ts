import { api } from '../../session/api.ts';

type ProviderCall = (route: string, options: { readonly body: unknown }) => Promise<{ readonly url: string }>;

/** Leaves for the other service; it comes back to `paths.provider`. */
export async function beginProviderSignIn(provider: string): Promise<void> {
  const { url } = await (api.call as unknown as ProviderCall)('POST /v1/sessions/provider', {
    body: { provider },
  });
  location.assign(url);
}
