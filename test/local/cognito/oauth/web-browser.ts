/** A form of a page as it stands there: where it goes, and what it would send untouched. */
export interface PageForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Visited {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  /** Of a redirect that left the domain, or was not followed. */
  readonly location: string | undefined;
}

/** A browser without scripts: keeps cookies, follows redirects below one address, sends forms. */
export class WebBrowser {
  readonly cookies = new Map<string, string>();
  private readonly home: string;

  /** @param home - address of the domain; a redirect to elsewhere is where a visit ends */
  constructor(home: string) {
    this.home = home;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Visited> {
    return this.visit(url, { method: 'GET', headers });
  }

  /** Sends the form for a step of the page, with what the person typed. */
  submit(page: Visited, step: string, typed: Record<string, string> = {}): Promise<Visited> {
    const form = formsOf(page).find(({ fields }) => fields.step === step);
    if (!form) throw new Error(`no form for ${step} on ${page.url}: ${page.text}`);
    return this.post(form.action, { ...form.fields, ...typed });
  }

  post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Visited> {
    return this.visit(url, {
      method: 'POST',
      headers: { origin: new URL(this.home).origin, ...headers },
      body: new URLSearchParams(fields),
    });
  }

  private async visit(url: string, init: RequestInit): Promise<Visited> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const location = response.headers.get('location') ?? undefined;
    if (location?.startsWith(`${this.home}/`)) return this.visit(location, { method: 'GET' });
    return { status: response.status, url, headers: response.headers, text: await response.text(), location };
  }

  private keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (/max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

export function formsOf({ text }: Visited): PageForm[] {
  return Array.from(
    text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g),
    ([, action = '', inside = '']) => ({
      action: unescaped(action),
      fields: Object.fromEntries(
        Array.from(
          inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g),
          ([, name = '', value = '']) => [name, unescaped(value)],
        ),
      ),
    }),
  );
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
