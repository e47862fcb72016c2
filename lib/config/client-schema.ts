import * as v from 'valibot';

/** Shapes of clients, their APIs and the sign-in pages. What depends on several values is in `client-rules.ts`. */

const list = <T extends v.GenericSchema>(item: T, what: string) =>
  v.pipe(v.array(item, `expected a list of ${what}`), v.minLength(1, `expected at least one of ${what}`));

const clientName = v.pipe(
  v.string('expected text'),
  v.regex(
    /^[a-z][a-z0-9-]{0,29}$/,
    'expected a lower-case letter, then up to 29 lower-case letters, digits or hyphens',
  ),
);

const scope = v.pipe(
  v.string('expected a scope'),
  v.regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/, 'expected a scope such as openid or orders/read'),
);

const loopback = ['localhost', '127.0.0.1', '[::1]'];
/** The characters of a URI (RFC 3986) without fragment and wildcard; a URL that needs others has them encoded. */
const uriCharacters = /^[\w\-.~:/?[\]@!$&'()+,;=%]+$/;

/**
 * A redirect URI as RFC 6749 (3.1.2) and the security BCP (RFC 9700, 4.1.3) want it: absolute, exact, without fragment,
 * wildcard or credentials, and written the way it will be compared.
 */
export function isRedirectUri(value: string): boolean {
  if (!URL.canParse(value) || !uriCharacters.test(value)) return false;
  const url = new URL(value);
  if (url.username !== '' || url.password !== '' || url.hostname === '') return false;
  return (
    value.startsWith(`${url.protocol}//${url.host}`) &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname))) &&
    !/(?:^|\/)\.{1,2}(?:\/|$)/.test(value.slice(value.indexOf('//') + 2))
  );
}

const redirectUri = v.pipe(
  v.string('expected a URL'),
  v.check(
    (value) => isRedirectUri(value),
    'expected an exact https://… (http only for localhost, 127.0.0.1 and [::1]), without wildcard, fragment or credentials',
  ),
);
const urls = v.strictObject({ dev: list(redirectUri, 'URLs'), prod: list(redirectUri, 'URLs') });

const managedLoginClient = v.strictObject({
  name: clientName,
  door: v.literal('managed-login'),
  confidential: v.optional(v.boolean('expected true or false')),
  callbackUrls: urls,
  logoutUrls: v.optional(urls),
  scopes: v.optional(list(scope, 'scopes')),
  providers: v.optional(v.array(v.string('expected the name of a provider'), 'expected a list of providers')),
});
const sdkClient = v.strictObject({ name: clientName, door: v.literal('sdk') });
const machineClient = v.strictObject({
  name: clientName,
  door: v.literal('machine'),
  scopes: list(scope, 'scopes'),
});

export const clientsSchema = v.pipe(
  v.array(
    v.variant(
      'door',
      [managedLoginClient, sdkClient, machineClient],
      'expected a door: managed-login, sdk or machine',
    ),
    'expected a list of clients',
  ),
  // Each has an entry in one SSM parameter of 4 kB, which triggers read.
  v.maxLength(40, 'expected at most 40 clients'),
);

export const apisSchema = v.pipe(
  v.array(
    v.strictObject({
      identifier: v.pipe(
        v.string('expected text'),
        v.regex(
          /^[a-z][a-z0-9.:/-]{0,99}[a-z0-9]$/,
          'expected 2 to 101 lower-case letters, digits, dots, colons, slashes or hyphens',
        ),
      ),
      scopes: v.pipe(
        list(
          v.strictObject({
            name: v.pipe(
              v.string('expected text'),
              v.regex(/^[a-z][a-z0-9._-]{0,63}$/, 'expected up to 64 lower-case letters, digits, . _ or -'),
            ),
            description: v.pipe(
              v.string('expected text'),
              v.minLength(1, 'must not be empty'),
              v.maxLength(256),
            ),
          }),
          'scopes',
        ),
        v.maxLength(100, 'expected at most 100 scopes'),
      ),
    }),
    'expected a list of APIs',
  ),
  v.maxLength(20, 'expected at most 20 APIs'),
);

const methods = v.optional(
  v.array(
    v.picklist(['passkey', 'email-code'], 'expected one of passkey, email-code'),
    'expected a list of methods',
  ),
);
const prefixProblem =
  'expected up to 63 lower-case letters, digits or hyphens, without "aws", "amazon" or "cognito"';
const domainPrefix = v.pipe(
  v.string(prefixProblem),
  v.regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, prefixProblem),
  v.check((value) => !/aws|amazon|cognito/.test(value), prefixProblem),
);
/** A name of one's own in front of CloudFront. */
export const customDomainSchema = v.strictObject({
  name: v.pipe(
    v.string('expected a domain'),
    v.regex(
      /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){2,}[a-z]{2,63}$/,
      'expected a lower-case domain below another one, such as login.shop.example',
    ),
  ),
  certificateArn: v.pipe(
    v.string('expected a certificate'),
    v.regex(
      /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'expected the ARN of an ACM certificate in us-east-1',
    ),
  ),
});

export const managedLoginSchema = v.strictObject({
  domainPrefix: v.optional(domainPrefix),
  customDomain: v.optional(customDomainSchema),
  methods,
});
