import { UnexpectedAnswer } from '../../scripts/journey/api.ts';
import { type Answered, type MethodPerson, pageOrigin } from './person.ts';

/** A browser session as far as the Identity API can tell: cookies, origin and the value against forged requests. */
export class Page {
  private readonly url: string;
  private readonly cookies = new Map<string, string>();
  private csrf = '';

  private constructor({ outputs }: MethodPerson) {
    this.url = outputs.endpoints.identityApi;
  }

  static async signedIn(person: MethodPerson): Promise<Page> {
    const page = new Page(person);
    const { email: identifier, password, mailbox } = person;
    const { flow } = await page.send('POST', '/v1/sessions', { identifier, password, mode: 'cookie' });
    await page.send('POST', '/v1/sessions/challenge', { flow, answer: await mailbox.nextCode(identifier) });
    return page;
  }

  /** @throws UnexpectedAnswer for anything but 200 */
  async send(method: string, path: string, body?: object): Promise<Answered> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        origin: pageOrigin(),
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(this.csrf && { 'x-vestibule-csrf': this.csrf }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = (await answer.json()) as Answered;
    if (answer.status !== 200) throw new UnexpectedAnswer(method, path, answer.status, said);
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    this.csrf = said.csrf ?? this.csrf;
    return said;
  }
}
