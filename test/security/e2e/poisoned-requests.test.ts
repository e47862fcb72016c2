import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { IdentityApi } from '../../../scripts/journey/api.ts';
import { Mailbox, type MailboxMessage } from '../../../scripts/journey/mailbox.ts';
import { readForm, requiredConsents } from '../../../scripts/journey/registration.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { SdkDoor } from '../../support/sdk-door.ts';

// security.md: "Host header poisoning", "Link or code to the wrong inbox"
let cloud: RunningCloud;
let api: IdentityApi;
let consents: readonly Record<string, unknown>[];
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    parameters: {
      ...Object.fromEntries(limits.map((name) => [name, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
    },
  });
  api = new IdentityApi(cloud.outputs.endpoints.identityApi);
  consents = requiredConsents(await readForm(api));
});
afterAll(() => cloud?.stop());

const password = 'quiet harbour lights';

const plain = { 'content-type': 'application/json', 'user-agent': 'test' };

/** `fetch` writes its own Host header. */
const post = (path: string, body: object, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request(
      `${cloud.outputs.endpoints.identityApi}${path}`,
      { method: 'POST', headers: { ...plain, ...headers } },
      (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
    );
    call.on('error', reject).end(JSON.stringify(body));
  });

/** What a mail says, without what differs from person to person and from code to code. */
const wording = ({ subject, text = '', html = '' }: MailboxMessage, email: string): string =>
  [subject, text, html]
    .join('\n')
    .replaceAll(email, '<address>')
    .replace(/\d{6,8}/g, '<digits>');

const register = (email: string, headers: Record<string, string> = {}) =>
  post('/v1/registrations', { email, password, locale: 'en', consents }, headers);

describe('mails of registration, reset and sign-in', () => {
  const attacker = 'evil.example';
  const poisons: readonly Record<string, string>[] = [
    { host: attacker },
    { host: `127.0.0.1:80@${attacker}` },
    { 'x-forwarded-host': attacker },
    { 'x-forwarded-server': attacker, 'x-original-host': attacker, 'x-host': attacker },
    { forwarded: `for=1.2.3.4;host=${attacker};proto=http` },
    { 'x-forwarded-proto': 'javascript', 'x-forwarded-prefix': `//${attacker}` },
    { origin: `https://${attacker}`, referer: `https://${attacker}/reset` },
    { 'x-original-url': `https://${attacker}/`, 'x-rewrite-url': `https://${attacker}/` },
    { 'user-agent': `<a href="https://${attacker}">Firefox</a>` },
    { 'accept-language': `en, ${attacker}` },
  ];

  it('are word for word the same whatever a request says about the host', async () => {
    const mailbox = new Mailbox(cloud.outputs.endpoints.mailbox);
    const wordings = new Set<string>();
    for (const [index, headers] of [{}, ...poisons].entries()) {
      const person = await new Customer(cloud.outputs, `host${index}@example.com`).register();
      const fresh = `fresh${index}@example.com`;
      const statuses = await Promise.all([
        register(fresh, headers),
        post('/v1/password-resets', { identifier: person.email, locale: 'en' }, headers),
        post('/v1/sessions', { identifier: person.email, password: person.password }, headers),
      ]);
      expect(statuses).toEqual([202, 202, 200]);
      await mailbox.nextCode(fresh);
      const mails = [...(await mailbox.list(fresh)), ...(await mailbox.list(person.email))];
      expect(mails).toHaveLength(4); // two registrations, a reset, a sign-in
      expect(JSON.stringify(mails)).not.toContain(attacker);
      const said = mails.map((mail) => wording(mail, mail === mails[0] ? fresh : person.email)).sort();
      wordings.add(said.join('\n----\n'));
    }
    expect(wordings.size).toBe(1);
  });
});

describe('an address that is not exactly one plain mailbox', () => {
  const victim = 'victim@example.com';
  const hostile = [
    `${victim},attacker@evil.example`,
    `${victim};attacker@evil.example`,
    `${victim} attacker@evil.example`,
    `${victim}\r\nBcc: attacker@evil.example`,
    `${victim}\nattacker@evil.example`,
    `${victim}\u0000@evil.example`,
    `"${victim}"@evil.example`,
    `Victim <${victim}>`,
    `<${victim}>`,
    `${victim}%0d%0abcc:attacker@evil.example`,
    `attacker@evil.example@example.com`,
    `victim@example.com@evil.example`,
    'victim@[127.0.0.1]',
    'victim@127.0.0.1',
    'victim@localhost',
    'vıctim@example.com',
    'victim@exаmple.com',
    'victim@example．com',
    '\u212Aelvin@example.com',
    'victim@example.com\u200b',
    '\u202Emoc.elpmaxe@mitciv',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.example`,
    'victim@example..com',
    '.victim@example.com',
    'victim.@example.com',
    'victim@-example.com',
    'mailto:victim@example.com',
    '',
    '@example.com',
    'victim@',
  ];
  const routes: readonly (readonly [string, (typed: unknown) => object])[] = [
    ['/v1/registrations', (email) => ({ email, password, consents })],
    ['/v1/registrations/confirm', (email) => ({ email, registration: 'A'.repeat(22), code: '123456' })],
    ['/v1/registrations/resend', (email) => ({ email, registration: 'A'.repeat(22) })],
    ['/v1/contexts', (identifier) => ({ identifier })],
    ['/v1/sessions', (identifier) => ({ identifier, password })],
    ['/v1/password-resets', (identifier) => ({ identifier })],
    ['/v1/password-resets/confirm', (identifier) => ({ identifier, code: '123456', password })],
  ];

  const sent = async (): Promise<number> => {
    const answer = await fetch(`${cloud.outputs.endpoints.mailbox}/api/messages?limit=1000`);
    return ((await answer.json()) as { messages: unknown[] }).messages.length;
  };

  it.each(routes)('is refused by name on %s, and no mail goes anywhere', async (path, bodyOf) => {
    const before = await sent();
    for (const typed of [...hostile, ['victim@example.com', 'attacker@evil.example'], { a: 1 }, null, 7]) {
      const answer = await api.send<{ code: string }>('POST', path, bodyOf(typed));
      if (answer.status === 429) continue; // the route's own throttle: refused as well
      expect([answer.status, answer.body.code, typed]).toEqual([400, 'REQUEST_INVALID', typed]);
      expect(JSON.stringify(answer.body)).not.toContain('evil.example');
    }
    expect(await sent()).toBe(before);
  });

  it('is refused as user name or attribute at the pool, and no mail goes anywhere', async () => {
    const door = new SdkDoor(cloud.outputs);
    const before = await sent();
    const signUp = (Username: string, email: string) =>
      door.call('SignUp', {
        ClientId: door.clientId,
        Username,
        Password: password,
        UserAttributes: [{ Name: 'email', Value: email }],
      });
    for (const typed of hostile) {
      expect((await signUp(typed, typed)).status).toBe(400);
      expect((await signUp('plain@example.com', typed)).status).toBe(400);
    }
    expect((await signUp('plain@example.com', 'other@example.com')).status).toBe(400);
    expect(await sent()).toBe(before);
  });

  it.each([
    { typed: '  Plus+Tag@Example.COM ', canonical: 'plus+tag@example.com' },
    { typed: 'DOTS.in.it@example.com', canonical: 'dots.in.it@example.com' },
  ])('while $typed is one mailbox in its canonical form', async ({ typed, canonical }) => {
    const before = await sent();
    expect(await register(typed)).toBe(202);
    const mailbox = new Mailbox(cloud.outputs.endpoints.mailbox);
    expect((await mailbox.next(canonical)).to).toEqual([canonical]);
    expect(await sent()).toBe(before + 1);
    expect(await register(canonical.toUpperCase())).toBe(202);
    expect((await mailbox.next(canonical)).subject).toMatch(/already|used/i);
  });
});
