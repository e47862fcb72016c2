import * as v from 'valibot';

/** Shapes of identity providers. What depends on several values is in `provider-rules.ts`. */

const staged = <T extends v.GenericSchema<string>>(value: T, what: string) =>
  v.union([value, v.strictObject({ dev: value, prod: value })], `expected ${what}, or one for each stage`);

const text = v.pipe(v.string(), v.regex(/^[\x21-\x7E]{1,512}$/));
const secretName = v.pipe(v.string(), v.regex(/^[\w/+=.@-]{1,512}$/));
const webUrl = v.pipe(
  v.string('expected a URL'),
  v.check((value) => isSecure(value), 'expected https://… (http only for localhost), without fragment'),
);

function isSecure(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, hash, username } = new URL(value);
  const local = hostname === 'localhost' || hostname === '127.0.0.1';
  return hash === '' && username === '' && (protocol === 'https:' || (protocol === 'http:' && local));
}

const name = v.pipe(
  v.string('expected text'),
  v.regex(
    /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/,
    'expected 3 to 32 letters, digits and hyphens, beginning with a letter',
  ),
);
const claim = v.pipe(v.string('expected text'), v.minLength(1, 'must not be empty'), v.maxLength(256));
const attributes = v.optional(
  v.strictObject({
    email: v.optional(claim),
    email_verified: v.optional(claim),
    name: v.optional(claim),
    locale: v.optional(claim),
  }),
);
const identifiers = v.optional(
  v.pipe(
    v.array(
      v.pipe(
        v.string('expected text'),
        v.regex(/^[\w+=.@-]{1,40}$/, 'expected up to 40 letters, digits and +=.@-_'),
      ),
      'expected a list of identifiers',
    ),
    v.maxLength(50, 'expected at most 50 identifiers'),
  ),
);
const trust = { trustsEmail: v.optional(v.boolean('expected true or false')) };
const social = {
  clientId: staged(text, 'a client id'),
  secretName: staged(secretName, 'the name of a secret'),
  attributes,
};
const appleId = v.pipe(
  v.string('expected text'),
  v.regex(/^[A-Z0-9]{10}$/, 'expected 10 letters and digits'),
);

export const providersSchema = v.pipe(
  v.array(
    v.variant(
      'kind',
      [
        v.strictObject({ kind: v.literal('google'), ...social, ...trust }),
        v.strictObject({ kind: v.literal('apple'), ...social, ...trust, teamId: appleId, keyId: appleId }),
        v.strictObject({ kind: v.literal('facebook'), ...social }),
        v.strictObject({ kind: v.literal('amazon'), ...social }),
        v.strictObject({
          kind: v.literal('oidc'),
          name,
          ...social,
          ...trust,
          issuer: staged(webUrl, 'an issuer'),
          scopes: v.optional(v.array(text, 'expected a list of scopes')),
          endpoints: v.optional(
            v.strictObject({ authorization: webUrl, token: webUrl, userInfo: webUrl, keys: webUrl }),
          ),
          identifiers,
        }),
        v.strictObject({
          kind: v.literal('saml'),
          name,
          ...trust,
          metadata: v.union(
            [
              v.strictObject({ url: staged(webUrl, 'a URL') }),
              v.strictObject({ document: v.pipe(v.string(), v.startsWith('<')) }),
            ],
            'expected { url } or { document }',
          ),
          attributes,
          identifiers,
        }),
      ],
      'expected a kind: google, apple, facebook, amazon, oidc or saml',
    ),
    'expected a list of providers',
  ),
  v.maxLength(50, 'expected at most 50 providers'),
);
