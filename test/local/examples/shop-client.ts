import * as openid from 'openid-client';
import type { CloudOutputs } from '../../../local/outputs.ts';
import type { Customer } from '../../support/customer.ts';
import { WebBrowser } from '../cognito/oauth/web-browser.ts';

/** The client `shop` of the sample configuration; the local cloud has no TLS. */
export const discoverShop = ({ endpoints, stack }: CloudOutputs): Promise<openid.Configuration> =>
  openid.discovery(new URL(endpoints.issuer), stack.ShopClientId ?? '', undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  });

/** What a person does on the sign-in pages. @returns where the browser was sent in the end */
export async function signInOnPages(
  url: URL,
  { email, password }: Customer,
): Promise<{ location: string; browser: WebBrowser }> {
  const browser = new WebBrowser(url.href.slice(0, url.href.indexOf('/oauth2/')));
  const choice = await browser.submit(await browser.get(url.href), 'identify', { username: email });
  const { location = '' } = await browser.submit(choice, 'password', { password });
  return { location, browser };
}
