import { createHmac } from 'node:crypto';
import { CompactSign, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { contextTokens } from '../../lambdas/adapters/context-tokens.ts';
import type { Pseudonym } from '../../lambdas/core/ids.ts';
import { testClock, testKey, testKeys } from '../support/sign-in/services.ts';

// security.md: "JWT confusion" and "Forged context"
const clock = testClock();
const tokens = contextTokens(testKeys, clock);
const iat = Math.floor(clock.now() / 1000);
const id = (letter: string) => letter.repeat(22);
const header = { alg: 'HS256', kid: testKey.id, typ: 'vestibule-context+jwt' };
const payload = {
  iss: 'vestibule',
  aud: 'sign-in',
  jti: id('j'),
  iat,
  exp: iat + 300,
  idh: id('i'),
  net: id('n'),
  adr: id('a'),
  dev: id('d'),
  lbl: 'Firefox on Windows',
  door: 'sdk',
};

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const mac = (signed: string, secret: Uint8Array = testKey.secret, hash = 'sha256') =>
  createHmac(hash, secret).update(signed).digest('base64url');
/** A token with our key over whatever header and payload: only the parser can refuse it. */
const signed = (head: unknown, body: unknown) => {
  const text = `${part(head)}.${part(body)}`;
  return `${text}.${mac(text)}`;
};
const good = signed(header, payload);
const [goodHead = '', goodBody = '', goodSignature = ''] = good.split('.');
const without = (name: string) => Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name));
const rsa = await generateKeyPair('RS256');
const jose = await new SignJWT(payload).setProtectedHeader(header).sign(testKey.secret);

const headers: readonly [string, unknown][] = [
  ['alg none', { ...header, alg: 'none' }],
  ['alg NONE', { ...header, alg: 'NONE' }],
  ['alg HS384', { ...header, alg: 'HS384' }],
  ['alg hs256', { ...header, alg: 'hs256' }],
  ['alg RS256', { ...header, alg: 'RS256' }],
  ['alg as a list', { ...header, alg: ['HS256'] }],
  ['no alg', { kid: testKey.id, typ: header.typ }],
  ['no kid', { alg: 'HS256', typ: header.typ }],
  ['an unknown kid', { ...header, kid: 'key-2' }],
  ['a path as kid', { ...header, kid: '../../dev/null' }],
  ['a number as kid', { ...header, kid: 1 }],
  ['a kid of 129 characters', { ...header, kid: 'k'.repeat(129) }],
  ['typ JWT', { ...header, typ: 'JWT' }],
  ['no typ', { alg: 'HS256', kid: testKey.id }],
  ['typ of a session', { ...header, typ: 'vestibule-session+jwt' }],
  ['a jku', { ...header, jku: 'https://evil.example/keys' }],
  ['an x5u', { ...header, x5u: 'https://evil.example/cert' }],
  ['an embedded jwk', { ...header, jwk: { kty: 'oct', k: part('x') } }],
  ['crit', { ...header, crit: ['exp'] }],
  ['b64 false', { ...header, b64: false, crit: ['b64'] }],
  ['zip', { ...header, zip: 'DEF' }],
  ['a list as header', [header]],
  ['null as header', null],
  ['text as header', 'not json'],
];
const payloads: readonly [string, unknown][] = [
  ['another issuer', { ...payload, iss: 'evil' }],
  ['the audience of registration', { ...payload, aud: 'registration' }],
  ['a list of audiences', { ...payload, aud: ['sign-in', 'registration'] }],
  ['the audience of a session', { ...payload, aud: 'session' }],
  ['a life of an hour', { ...payload, exp: iat + 3_600 }],
  ['an end before its beginning', { ...payload, exp: iat - 1 }],
  ['a time in the future', { ...payload, iat: iat + 60, exp: iat + 120 }],
  ['nbf', { ...payload, nbf: iat }],
  ['exp as text', { ...payload, exp: `${iat + 300}` }],
  ['iat as a fraction', { ...payload, iat: iat + 0.5 }],
  ['exp beyond safe numbers', { ...payload, exp: 1e300 }],
  ['an ancient time', { ...payload, iat: iat - 7_200, exp: iat - 6_900 }],
  ['a short id', { ...payload, jti: 'short' }],
  ['an id with a separator', { ...payload, jti: `${id('j').slice(1)}#` }],
  ['an object as identifier', { ...payload, idh: { toString: 'x' } }],
  ['a raw address as network', { ...payload, net: '203.0.113.7' }],
  ['null as device', { ...payload, dev: null }],
  ['a label of 65 characters', { ...payload, lbl: 'x'.repeat(65) }],
  ['an unknown door', { ...payload, door: 'window' }],
  ...['iss', 'aud', 'jti', 'iat', 'exp', 'idh', 'net', 'adr', 'lbl', 'door'].map(
    (name): [string, unknown] => [`no ${name}`, without(name)],
  ),
  ['a list as payload', [payload]],
  ['text as payload', 'not json'],
];
const raw: readonly [string, string][] = [
  ['no signature', `${goodHead}.${goodBody}.`],
  ['two parts', `${goodHead}.${goodBody}`],
  ['four parts', `${good}.${goodSignature}`],
  ['empty text', ''],
  ['dots', '..'],
  ['the signature of another payload', `${goodHead}.${part({ ...payload, idh: id('x') })}.${goodSignature}`],
  ['a signature cut short', good.slice(0, -2)],
  ['a signature with a byte more', `${good}AA`],
  ['padding', `${good}=`],
  ['base64 instead of base64url', good.replace(goodBody, `${goodBody}+/`)],
  ['a space in front', ` ${good}`],
  ['a line break behind', `${good}\n`],
  [
    'a second spelling of the signature',
    `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) + 1)}`,
  ],
  ['another key', `${goodHead}.${goodBody}.${mac(`${goodHead}.${goodBody}`, Buffer.alloc(32, 8))}`],
  ['an empty key', `${goodHead}.${goodBody}.${mac(`${goodHead}.${goodBody}`, Buffer.alloc(0))}`],
  [
    'SHA-512 under HS256',
    `${goodHead}.${goodBody}.${mac(`${goodHead}.${goodBody}`, testKey.secret, 'sha512')}`,
  ],
  ['invalid UTF-8', `${goodHead}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${goodSignature}`],
  ['more than 2 kB', signed(header, { ...payload, pad: 'x'.repeat(2_048) })],
  ['an unsecured JWT', new UnsecuredJWT(payload).encode()],
  [
    'an RS256 JWT',
    await new SignJWT(payload).setProtectedHeader({ ...header, alg: 'RS256' }).sign(rsa.privateKey),
  ],
  [
    'a detached payload',
    await new CompactSign(new Uint8Array()).setProtectedHeader(header).sign(testKey.secret),
  ],
];

describe('a context token', () => {
  it('is read when we minted it, by us and by a library alike', async () => {
    const [{ aud: audience, jti, idh, net, adr, dev, lbl, door }] = [payload];
    const context = {
      audience: audience as 'sign-in',
      id: jti,
      identifier: idh as Pseudonym,
      network: net as Pseudonym,
      address: adr as Pseudonym,
      device: dev as Pseudonym,
      label: lbl,
      door: door as 'sdk',
    };
    const read = { status: 'genuine', context: { ...context, issuedAt: iat, expiresAt: iat + 300 } };
    expect(await tokens.read(await tokens.mint(context), 'sign-in')).toEqual(read);
    expect(await tokens.read(jose, 'sign-in')).toEqual(read);
  });

  it('is tested with at least 40 forgeries', () =>
    expect(headers.length + payloads.length + raw.length).toBeGreaterThanOrEqual(40));

  it.each(headers)('is refused with %s', async (_name, head) =>
    expect(await tokens.read(signed(head, payload), 'sign-in')).toEqual({ status: 'invalid' }),
  );
  it.each(payloads)('is refused with %s', async (_name, body) =>
    expect(await tokens.read(signed(header, body), 'sign-in')).toEqual({ status: 'invalid' }),
  );
  it.each(raw)('is refused with %s', async (_name, token) => {
    const { status } = await tokens.read(token, 'sign-in');
    expect(['invalid', 'missing']).toContain(status);
  });

  it('may name its flow for a while after it expired, and gives nothing else', async () => {
    const later = testClock(clock.now() + 301_000);
    const reader = contextTokens(testKeys, later);
    expect(await reader.read(good, 'sign-in')).toMatchObject({ status: 'expired' });
    later.advance(900_000);
    expect(await reader.read(good, 'sign-in')).toEqual({ status: 'invalid' });
  });
});
