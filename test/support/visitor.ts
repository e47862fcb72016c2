/** A browser without a screen: follows redirects by hand and keeps cookies by host name, as far as these tests need it. */
export class Visitor {
  private readonly cookies = new Map<string, Map<string, string>>();
  readonly visited: URL[] = [];

  async send(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    this.visited.push(url);
    const jar = this.cookies.get(url.hostname) ?? new Map<string, string>();
    this.cookies.set(url.hostname, jar);
    const cookie = this.cookieFor(url.hostname);
    const headers = { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    }
    return response;
  }

  /** What is sent to a host at the moment. */
  cookieFor(hostname: string): string {
    return Array.from(this.cookies.get(hostname) ?? [], ([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Follows redirects until one leads to `stop`, which is not asked; or to the first answer that is none. */
  async follow(address: string, stop: string, init?: RequestInit): Promise<URL | Response> {
    let response = await this.send(address, init);
    for (let hop = 0; hop < 20; hop += 1) {
      const location = response.headers.get('location');
      if (!location) return response;
      const next = new URL(location, this.visited.at(-1));
      if (next.href.startsWith(stop)) return next;
      response = await this.send(next.href);
    }
    throw new Error('redirected in a circle');
  }
}
