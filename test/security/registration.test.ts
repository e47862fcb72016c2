import type { APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ContextTokens } from '../../lambdas/adapters/context-tokens.ts';
import { dispatch } from '../../lambdas/api/dispatch.ts';
import { errorsOf, routesOf } from '../../lambdas/api/routes.ts';
import type { Handlers } from '../../lambdas/api/types.ts';
import { registrationRoutes } from '../../lambdas/auth-api/routes.ts';
import { httpStatus } from '../../lambdas/core/errors.ts';
import { canonicalIdentifier } from '../../lambdas/core/identifier.ts';
import { compileAuthentication } from '../../lib/config/authentication.ts';
import {
  aConfiguration,
  aConsent,
  plainPseudonyms,
  proxyEvent,
  registrationWorld,
} from '../support/registration.ts';

function anApi(configuration = aConfiguration()) {
  const world = registrationWorld();
  const contexts: Parameters<ContextTokens['mint']>[0][] = [];
  const services = {
    configuration,
    ports: world.ports,
    contexts: {
      mint: async (context: (typeof contexts)[number]) => {
        contexts.push(context);
        return 'signed';
      },
    },
    perAddressPerHour: 1_000,
    signOutEverywhere: async () => {},
    signOutFailed: () => {},
  };
  const waits: number[] = [];
  const handler = dispatch('auth-api', registrationRoutes(services) as Handlers<'auth-api'>, {
    clock: world.ports.clock,
    origins: configuration.origins,
    uniformAnswerMs: 600,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      world.time.now += milliseconds;
    },
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    handler(proxyEvent('POST', `/v1/${path}`, { body, headers }));
  return { ...world, handler, post, waits, contexts };
}

const aForm = (changes: Record<string, unknown> = {}) => ({
  email: 'ada@harbour.example',
  password: 'four words are plenty',
  consents: [aConsent('terms')],
  ...changes,
});
const parsed = (answer: APIGatewayProxyResult) => JSON.parse(answer.body) as Record<string, unknown>;
/** What a stranger can tell apart: status, headers' names, body without what is random by design. */
const shapeOf = (answer: APIGatewayProxyResult) => {
  const { registration, deviceToken, ...body } = answer.body ? parsed(answer) : {};
  return {
    status: answer.statusCode,
    headers: Object.keys(answer.headers ?? {}).sort(),
    cookies: answer.multiValueHeaders?.['Set-Cookie']?.length ?? 0,
    lengths: [String(registration ?? '').length, String(deviceToken ?? '').length],
    body,
  };
};

// security.md, "Enumeration by text or time"
describe('existing, unconfirmed and unknown accounts', () => {
  const email = 'ada@harbour.example';
  const handle = 'a'.repeat(22);
  const calls: { route: string; path: string; body: Record<string, unknown> }[] = [
    { route: 'registering', path: 'registrations', body: aForm() },
    {
      route: 'confirming',
      path: 'registrations/confirm',
      body: { email, registration: handle, code: '123456' },
    },
    { route: 'resending', path: 'registrations/resend', body: { email, registration: handle } },
    { route: 'asking for a reset', path: 'password-resets', body: { identifier: email } },
    {
      route: 'resetting',
      path: 'password-resets/confirm',
      body: { identifier: email, code: '123456', password: 'four words are plenty' },
    },
  ];

  it.each(calls)('are the same to somebody $route, by text and by time', async ({ path, body }) => {
    const answers = [];
    for (const state of ['unknown', 'unconfirmed', 'confirmed'] as const) {
      const api = anApi();
      if (state !== 'unknown') {
        const { registration } = parsed(await api.post('registrations', aForm()));
        if (state === 'confirmed')
          await api.post('registrations/confirm', { email, registration, code: '111111' });
      }
      const before = api.time.now;
      const answer = await api.post(path, body);
      answers.push({ ...shapeOf(answer), tookMs: api.time.now - before });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]?.tookMs).toBe(600);
  });

  it('stay the same when one confirmation is tried again and again', async () => {
    const api = anApi();
    const { registration } = parsed(await api.post('registrations', aForm()));
    const guess = (address: string) =>
      api.post('registrations/confirm', { email: address, registration, code: '000000' }).then(shapeOf);
    for (let index = 0; index < 20; index += 1)
      expect(await guess('nobody@harbour.example')).toEqual(await guess(email));
  });

  it('answer with nothing but the errors of the route table', async () => {
    const api = anApi();
    for (const route of routesOf('auth-api')) {
      const allowed = errorsOf(route).map((code) => httpStatus[code]);
      const found = calls.find(({ path }) => route.id === `POST /v1/${path}`);
      if (found)
        expect([...allowed, route.answer.status]).toContain(
          (await api.post(found.path, found.body)).statusCode,
        );
    }
  });
});

// security.md, "Link or code to the wrong inbox"
describe('one address', () => {
  const tricks = [
    'a@harbour.example,b@evil.example',
    'a@harbour.example;b@evil.example',
    'a@harbour.example b@evil.example',
    'a@harbour.example\r\nBcc: b@evil.example',
    'a@harbour.example\nb@evil.example',
    'a@harbour.example\u0000b@evil.example',
    'a@harbour.example%0ab@evil.example',
    'b@evil.example<a@harbour.example>',
    '"a@harbour.example b"@evil.example,',
    'a@b@harbour.example',
    'аda@harbour.example',
    'ada@hаrbour.example',
    'ada@harbour.example\u202e',
    'ada@harbour。example',
    'ADA@HARBOUR.EXAMPLE\u0130',
    'ada@[127.0.0.1]',
    'ada@localhost',
    'mailto:ada@harbour.example',
    `${'x'.repeat(65)}@harbour.example`,
    `ada@${'x'.repeat(250)}.example`,
  ];

  it.each(tricks)('is refused by name when it is none: %j', async (email) => {
    const api = anApi();
    const answer = await api.post('registrations', aForm({ email }));
    expect(parsed(answer)).toMatchObject({ code: 'REQUEST_INVALID', fields: [{ pointer: '/email' }] });
    expect([api.directory.calls, api.mails, api.events]).toEqual([[], [], []]);
    expect(answer.body).not.toContain('evil');
  });

  it('is one and the same in every spelling, so that a second one finds it taken', async () => {
    const api = anApi();
    await api.post('registrations', aForm());
    await api.post('registrations', aForm({ email: '  ADA@Harbour.Example ' }));
    expect([...api.directory.users.keys()]).toEqual(['ada@harbour.example']);
    expect(api.mails.map(({ to }) => to)).toEqual(['ada@harbour.example']);
  });

  it('is either refused or exactly one canonical recipient, whatever is typed', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom(...tricks),
        (noise, trick) => {
          const canonical = canonicalIdentifier(noise + trick) ?? canonicalIdentifier(trick + noise);
          return canonical === undefined || /^[!-+\--:<-~]+@[a-z0-9.-]+$/.test(canonical);
        },
      ),
    ));
});

// security.md, "Host header poisoning"
it.each(['Host', 'X-Forwarded-Host', 'X-Forwarded-For', 'Forwarded', 'X-Original-URL', 'Origin', 'Referer'])(
  'no mail and no answer repeats the header %s',
  async (header) => {
    const api = anApi();
    await api.post('registrations', aForm());
    const answer = await api.post('registrations', aForm(), { [header]: 'https://evil.example' });
    expect(api.mails).toHaveLength(1);
    expect(JSON.stringify([answer, api.mails])).not.toContain('evil.example');
  },
);

// security.md, "Mass assignment"
describe('fields that nobody asked for', () => {
  it('finds them below any nesting that fits into a body', async () => {
    const api = anApi();
    const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
    const event = proxyEvent('POST', '/v1/registrations', { rawBody: `{"email":${deep}}` });
    expect(parsed(await api.handler(event)).code).toBe('REQUEST_INVALID');
  });

  const extra = [
    'isAdmin',
    'sub',
    'email_verified',
    'groups',
    'custom:tier',
    'UserAttributes',
    'ClientMetadata',
    'constructor',
    '__proto__',
  ];
  it.each(extra)('%s is refused at the top, in a consent and in the profile', async (name) => {
    const api = anApi();
    const withField = (target: object) =>
      JSON.parse(`${JSON.stringify(target).slice(0, -1)},${JSON.stringify(name)}:true}`) as object;
    const bodies = [
      withField(aForm()),
      aForm({ consents: [withField(aConsent('terms'))] }),
      aForm({ profile: withField({ givenName: 'Ada' }) }),
    ];
    for (const body of bodies)
      expect(parsed(await api.post('registrations', body)).code).toBe('REQUEST_INVALID');
    expect(api.directory.calls).toEqual([]);
  });
});

// security.md, "Audit tampering, log injection"
it('writes events and log lines that hold nothing a caller typed', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const api = anApi();
  const poison = 'x"},{"type":"sign-in.succeeded"}\r\n{"level":"info"}';
  await api.post('registrations', aForm({ profile: { givenName: 'Ada' } }), {
    'User-Agent': poison,
    'X-Amzn-RequestId': poison,
  });
  api.directory.failure = new Error(`SignUp of ada@harbour.example failed ${poison}`);
  const answer = await api.post('registrations', aForm({ email: 'eve@harbour.example' }));
  expect(parsed(answer).code).toBe('INTERNAL');
  const written = [
    ...api.events.map((event) => JSON.stringify(event)),
    ...logged.mock.calls.map(([line]) => String(line)),
    answer.body,
  ];
  for (const line of written) expect(line).not.toMatch(/harbour\.example|succeeded|Ada|[\r\n]/);
  expect(logged).toHaveBeenCalledTimes(1);
  logged.mockRestore();
});

it('gives a device one token, in a cookie that scripts and other sites cannot read', async () => {
  const api = anApi();
  const first = await api.post('registrations', aForm());
  const [cookie = ''] = first.multiValueHeaders?.['Set-Cookie'] ?? [];
  expect(cookie).toMatch(
    /^__Host-vestibule-device=[\w-]{43}; Max-Age=34560000; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  );
  const token = String(parsed(first).deviceToken);
  const again = await api.post('registrations', aForm({ email: 'b@harbour.example' }), {
    'X-Vestibule-Device': token,
  });
  expect([again.multiValueHeaders, parsed(again).deviceToken]).toEqual([undefined, undefined]);
  const forged = await api.post('registrations', aForm({ email: 'c@harbour.example' }), {
    'X-Vestibule-Device': 'mine',
  });
  expect(parsed(forged).deviceToken).toMatch(/^[\w-]{43}$/);
});

describe('the token of a device that proved the mailbox', () => {
  const email = 'ada@harbour.example';
  const cookieName = '__Host-vestibule-device';
  const tokenIn = (answer: APIGatewayProxyResult) =>
    /^__Host-vestibule-device=([\w-]{43});/.exec(
      String(answer.multiValueHeaders?.['Set-Cookie']?.[0] ?? ''),
    )?.[1];
  const registered = async (configuration = aConfiguration()) => {
    const api = anApi(configuration);
    const answer = await api.post('registrations', aForm());
    const { registration, deviceToken } = parsed(answer);
    const confirm = (headers: Record<string, string>, code = '111111') =>
      api.post('registrations/confirm', { email, registration, code }, headers);
    return { ...api, confirm, token: String(deviceToken) };
  };

  it('is replaced in the cookie, and no script reads the new one', async () => {
    const { confirm, token } = await registered();
    const answer = await confirm({ Cookie: `${cookieName}=${token}` });
    expect(tokenIn(answer)).toMatch(/^[\w-]{43}$/);
    expect(tokenIn(answer)).not.toBe(token);
    expect(parsed(answer)).toEqual({ state: 'confirmed' });
  });

  it('is replaced for an app that keeps it itself, by the one that our trigger is told', async () => {
    const { confirm, token, contexts } = await registered();
    const answer = await confirm({ 'X-Vestibule-Device': token });
    const { deviceToken } = parsed(answer);
    expect(deviceToken).toBe(tokenIn(answer));
    expect(contexts.at(-1)).toMatchObject({
      audience: 'registration',
      door: 'api',
      device: await plainPseudonyms.of('device', token),
      nextDevice: await plainPseudonyms.of('device', String(deviceToken)),
    });
  });

  it.each<{ why: string; headers: Record<string, string> }>([
    { why: 'from another device', headers: { 'X-Vestibule-Device': 'b'.repeat(43) } },
    { why: 'from no device', headers: {} },
  ])('stays what it is when the code comes $why', async ({ headers }) => {
    const { confirm } = await registered();
    const answer = await confirm(headers);
    expect([answer.statusCode, parsed(answer)]).toEqual([200, { state: 'confirmed' }]);
    expect(answer.multiValueHeaders).toBeUndefined();
  });

  it('stays what it is with a wrong code, and where the policy takes no mailed code', async () => {
    const { confirm, token } = await registered();
    const wrong = await confirm({ 'X-Vestibule-Device': token }, '000000');
    expect([wrong.statusCode, wrong.multiValueHeaders]).toEqual([400, undefined]);
    const strict = await registered(
      aConfiguration({ authentication: compileAuthentication({ profile: 'nist-aal2' }) }),
    );
    const answer = await strict.confirm({ 'X-Vestibule-Device': strict.token });
    expect([parsed(answer), answer.multiValueHeaders]).toEqual([{ state: 'confirmed' }, undefined]);
  });
});
