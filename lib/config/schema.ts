import * as v from 'valibot';
import { authenticationSchema } from './authentication-schema.ts';
import { brandSchemas } from './brand-schema.ts';
import { apisSchema, clientsSchema, customDomainSchema, managedLoginSchema } from './client-schema.ts';
import { providersSchema } from './provider-schema.ts';

/** Shapes and bounds of single values. What depends on several of them is in `rules.ts`. */

const name = v.pipe(
  v.string('expected text'),
  v.regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, 'expected a letter, then up to 39 letters, digits or hyphens'),
);
const wholeNumber = (min: number, max: number) => {
  const message = `expected a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};
const oneOf = <const T extends readonly string[]>(...options: T) =>
  v.picklist(options, `expected one of ${options.join(', ')}`);
const nonEmpty = <T extends v.GenericSchema>(item: T, what: string) =>
  v.pipe(v.array(item, `expected a list of ${what}`), v.minLength(1, `expected at least one of ${what}`));
const flag = v.boolean('expected true or false');

const mailAddress = v.pipe(v.string('expected a mail address'), v.email('expected one mail address'));
const mailDomain = v.pipe(
  v.string('expected a domain'),
  v.regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'expected a lower-case domain such as example.com',
  ),
);
/** A domain, not an address: browsers know no passkeys for `127.0.0.1`. */
const relyingPartyDomain = v.pipe(
  v.string('expected a domain'),
  v.regex(
    /^(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
    'expected a lower-case domain such as shop.example, or localhost',
  ),
);
const languageTag = v.pipe(
  v.string('expected a language tag'),
  v.regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, 'expected a BCP 47 tag such as en or de-AT'),
);
const text = v.pipe(v.string('expected text'), v.trim(), v.minLength(1, 'must not be empty'));
const localized = v.record(v.string(), text, 'expected a text for each language');

/** `https`, or `http` on the developer's own machine; no fragment (RFC 6749, 3.1.2). */
const webUrl = v.pipe(
  v.string('expected a URL'),
  v.check((value) => isWebUrl(value), 'expected https://… (http only for localhost), without fragment'),
);
const origin = v.pipe(
  v.string('expected an origin'),
  v.check(
    (value) => isWebUrl(value) && new URL(value).origin === value,
    'expected an origin such as https://shop.example, without path',
  ),
);

function isWebUrl(value: string): boolean {
  if (!URL.canParse(value) || value.includes('*')) return false;
  const url = new URL(value);
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  return (
    url.hash === '' &&
    url.username === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && local))
  );
}

const profileField = v.strictObject({
  name,
  type: oneOf('text', 'choice', 'date', 'boolean', 'number'),
  label: localized,
  options: v.optional(nonEmpty(text, 'options')),
  optionLabels: v.optional(v.record(v.string(), localized, 'expected texts for each option')),
  maxLength: v.optional(wholeNumber(1, 2048)),
  min: v.optional(v.number('expected a number')),
  max: v.optional(v.number('expected a number')),
  purpose: name,
  collect: oneOf('registration', 'prompt', 'profile'),
  required: v.optional(flag),
  weight: wholeNumber(1, 100),
});

const purpose = v.strictObject({
  name,
  label: v.optional(localized),
  basis: oneOf('consent', 'contract'),
  requiredAtRegistration: flag,
  versions: nonEmpty(v.strictObject({ version: text, material: flag, texts: localized }), 'versions'),
});

const stage = v.strictObject({
  account: v.optional(v.pipe(v.string('expected an account id'), v.regex(/^\d{12}$/, 'expected 12 digits'))),
  region: v.optional(
    v.pipe(
      v.string('expected a Region'),
      v.regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'expected a Region such as eu-central-1'),
    ),
  ),
  origins: nonEmpty(origin, 'origins'),
  portal: v.optional(
    v.strictObject({
      enabled: v.optional(flag),
      domain: v.optional(customDomainSchema),
      url: v.optional(webUrl),
    }),
  ),
  managedLogin: v.optional(managedLoginSchema),
  sms: v.optional(
    v.strictObject({
      originationIdentity: v.pipe(
        v.string('expected a pool, a phone number or a sender id'),
        v.regex(
          /^(?:(?:pool|phone)-[0-9a-zA-Z]{1,60}|(?=.*[A-Za-z])[A-Za-z0-9-]{1,11})$/,
          'expected pool-…, phone-… or a sender id of up to 11 letters and digits',
        ),
      ),
      countries: nonEmpty(
        v.pipe(
          v.string('expected a country'),
          v.regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code such as DE'),
        ),
        'countries',
      ),
      configurationSet: v.optional(name),
    }),
  ),
  data: v.optional(oneOf('retain', 'disposable')),
  passkeys: v.optional(v.strictObject({ relyingPartyId: relyingPartyDomain })),
  archive: v.optional(
    v.strictObject({
      lock: v.optional(oneOf('governance', 'compliance')),
      lockDays: v.optional(wholeNumber(1, 3650)),
      deleteAfterDays: v.optional(wholeNumber(2, 7300)),
    }),
  ),
  botControl: v.optional(oneOf('off', 'common', 'targeted')),
  sessionDays: v.optional(wholeNumber(1, 3650)),
  apiGatewayLogRole: v.optional(oneOf('create', 'existing')),
});

const { brandSchema, brandsSchema } = brandSchemas(webUrl);

export const configSchema = v.strictObject({
  brand: brandSchema,
  brands: v.optional(brandsSchema),
  plan: v.optional(oneOf('lite', 'essentials', 'plus')),
  languages: nonEmpty(languageTag, 'languages'),
  mail: v.strictObject({
    from: mailAddress,
    replyTo: v.optional(mailAddress),
    identity: v.optional(oneOf('domain', 'address')),
  }),
  mailDomains: v.optional(
    v.strictObject({ allow: v.optional(v.array(mailDomain)), deny: v.optional(v.array(mailDomain)) }),
  ),
  password: v.optional(
    v.strictObject({
      minLength: v.optional(wholeNumber(8, 99)),
      minLengthWithFactor: v.optional(wholeNumber(8, 99)),
      history: v.optional(wholeNumber(0, 24)),
      rangeQuery: v.optional(v.strictObject({ url: webUrl })),
    }),
  ),
  profile: v.strictObject({
    fields: v.array(profileField, 'expected a list of fields'),
    prompting: v.optional(
      v.strictObject({
        perVisit: v.optional(wholeNumber(0, 10)),
        coolDownHours: v.optional(wholeNumber(0, 8760)),
        skipDays: v.optional(wholeNumber(0, 3650)),
        maxSkips: v.optional(wholeNumber(1, 100)),
      }),
    ),
  }),
  purposes: nonEmpty(purpose, 'purposes'),
  tiers: nonEmpty(name, 'tiers'),
  authentication: v.optional(authenticationSchema),
  clients: v.optional(clientsSchema),
  apis: v.optional(apisSchema),
  migration: v.optional(
    v.strictObject({
      enabled: flag,
      legacyEndpoint: v.optional(
        v.strictObject({
          url: webUrl,
          secretName: v.pipe(
            v.string('expected the name of a secret'),
            v.regex(/^[\w/+=.@-]{1,512}$/, 'expected the name of a secret'),
          ),
          timeoutMs: v.optional(wholeNumber(100, 2500)),
        }),
      ),
    }),
  ),
  providers: v.optional(providersSchema),
  stages: v.strictObject({ dev: stage, prod: stage }),
});
