import { readFileSync } from 'node:fs';
import { type Html, html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { PageResources } from '../brandings.ts';
import type { DomainRequest } from '../domains.ts';
import { isSameText, openBrowser, type PageBrowser } from '../sso.ts';
import { brandLogos, brandStylePath } from './brand-style.ts';
import { chooseLanguage, type Language, type Texts, textsIn } from './texts.ts';

/** One page being made: for whom, in which language, and where it may lead. */
export interface PageContext {
  readonly domain: DomainRequest;
  readonly browser: PageBrowser;
  readonly language: Language;
  readonly texts: Texts;
  /** What every link and form carries on: the request that brought the browser here. */
  readonly query: URLSearchParams;
  /** Where a form of the page may end up: the app's address, checked before. */
  readonly leadsTo: string;
}

export function pageContext(domain: DomainRequest, query: URLSearchParams, leadsTo: string): PageContext {
  const { engine, baseUrl, http } = domain;
  const language = chooseLanguage(query.get('lang'), http.headers['accept-language']);
  const browser = openBrowser(engine, baseUrl, http.headers.cookie);
  return { domain, browser, language, texts: textsIn(language), query, leadsTo };
}

/** A form of ours, from this browser: its token matches its cookie, and no other site sent it. */
export function isOwnForm({ domain, browser }: PageContext): boolean {
  const { form, http, baseUrl } = domain;
  const { origin } = http.headers;
  if (origin !== undefined && origin !== new URL(baseUrl).origin) return false;
  return isSameText(form.get('_csrf') ?? '', browser.csrf);
}

const csp = (leadsTo: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    // A browser holds the redirect after a form to this list as well.
    `form-action 'self'${leadsTo ? ` ${sourceOf(leadsTo)}` : ''}`,
    "frame-ancestors 'none'",
  ].join('; ');

function sourceOf(uri: string): string {
  const { origin, protocol } = new URL(uri);
  return origin === 'null' ? protocol : origin;
}

const headers = (leadsTo: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': csp(leadsTo),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // The token of a form is checked with the Origin that this leaves in place.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});

/** A whole page. `scripted` ones use passkeys; all others work without scripts. */
export function showPage(
  { domain, browser, language, texts, query, leadsTo }: PageContext,
  title: string,
  content: Html,
  { scripted = false, status = 200 } = {},
): HttpResponse {
  const { baseUrl, engine, pool } = domain;
  const clientId = query.get('client_id') ?? '';
  const branding = new PageResources(engine.cloud.store).brandingOf(pool.id, clientId);
  const { light, dark } = brandLogos(branding);
  const { markup } = html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${baseUrl}/assets/pages.css">
  ${branding && html`<link rel="stylesheet" href="${baseUrl}${brandStylePath}?client_id=${clientId}">`}
  ${scripted && html`<script src="${baseUrl}/assets/passkey.js" defer></script>`}
</head>
<body>
  <main>
    ${
      light &&
      html`<picture>${dark && html`<source srcset="${dark}" media="(prefers-color-scheme: dark)">`}<img class="logo" src="${light}" alt=""></picture>`
    }
    <h1>${title}</h1>
    ${content}
  </main>
  <footer><p>${texts.local}</p></footer>
</body>
</html>
`;
  return { status, headers: { ...headers(leadsTo), 'set-cookie': browser.cookies }, body: markup };
}

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

/** Style and script of the pages. */
export function pageAsset(path: string): HttpResponse | undefined {
  const types: Readonly<Record<string, string>> = {
    'pages.css': 'text/css',
    'passkey.js': 'text/javascript',
  };
  const name = path.slice('/assets/'.length);
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (!type) return undefined;
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    },
    body: asset(name),
  };
}
