import * as v from 'valibot';
import { lookColours } from '../../lambdas/core/configuration.ts';
import { typefaceNames } from './typefaces.ts';

const colour = v.pipe(
  v.string('expected a colour'),
  v.regex(/^#[0-9a-f]{6}$/, 'expected a colour as #1f5d4c, in lower case'),
);
const colours = v.strictObject(
  Object.fromEntries(lookColours.map((name) => [name, v.optional(colour)])) as Record<
    (typeof lookColours)[number],
    v.OptionalSchema<typeof colour, undefined>
  >,
);
const line = v.pipe(v.string('expected text'), v.trim(), v.minLength(1, 'must not be empty'));
const id = v.pipe(
  v.string('expected an id'),
  v.regex(/^[a-z][a-z0-9-]{0,29}$/, 'expected a lower-case letter, then up to 29 letters, digits or hyphens'),
);
const host = v.pipe(
  v.string('expected a host'),
  v.regex(
    /^(?:localhost|127\.0\.0\.1|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})(?::\d{1,5})?$/,
    'expected a lower-case host such as account.shop.example',
  ),
);
const address = v.pipe(v.string('expected a mail address'), v.email('expected one mail address'));
const radiusMessage = 'expected a whole number of pixels from 0 to 32';

/** @param webUrl - the shape of addresses that the rest of the configuration has */
export function brandSchemas<Url extends v.GenericSchema<string>>(webUrl: Url) {
  const settings = {
    name: v.pipe(line, v.maxLength(60, 'expected at most 60 characters')),
    supportUrl: v.optional(webUrl),
    colours: v.optional(v.strictObject({ light: v.optional(colours), dark: v.optional(colours) })),
    typeface: v.optional(v.picklist(typefaceNames, `expected one of ${typefaceNames.join(', ')}`)),
    radius: v.optional(
      v.pipe(
        v.number(radiusMessage),
        v.integer(radiusMessage),
        v.minValue(0, radiusMessage),
        v.maxValue(32, radiusMessage),
      ),
    ),
    logo: v.optional(v.strictObject({ light: line, dark: v.optional(line), alt: line })),
    texts: v.optional(
      v.record(
        v.string(),
        v.record(v.string(), line, 'expected a text for each key'),
        'expected texts for each language',
      ),
    ),
    mail: v.optional(
      v.strictObject({
        from: v.optional(address),
        replyTo: v.optional(address),
        signature: v.optional(v.record(v.string(), line, 'expected a text for each language')),
      }),
    ),
    hosts: v.optional(v.array(host, 'expected a list of hosts')),
    clients: v.optional(v.array(line, 'expected a list of clients')),
    links: v.optional(v.strictObject({ terms: v.optional(webUrl), privacy: v.optional(webUrl) })),
  };
  return {
    brandSchema: v.strictObject({ id: v.optional(id), ...settings }),
    brandsSchema: v.array(v.strictObject({ id, ...settings }), 'expected a list of brands'),
  };
}
