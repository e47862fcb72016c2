import type { AwsError, AwsResponse } from '../../platform.ts';

export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeText = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

/** Lists repeat their element, absent values are left out: all that S3's documents need. */
function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => element(name, each)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeText(String(value))}</${name}>`;
  const inner = Object.entries(value).map(([key, each]) => element(key, each));
  return `<${name}>${inner.join('')}</${name}>`;
}

export const xml = (name: string, value: XmlValue, status = 200): AwsResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${element(name, value)}`,
});

export const xmlError = (error: AwsError, resource: string): AwsResponse =>
  xml('Error', { Code: error.name, Message: error.message, Resource: resource }, error.status);

/** Texts of an element in a request document; S3's have no attributes that matter and no CDATA. */
export const texts = (document: string, name: string): readonly string[] =>
  [...document.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) =>
    unescapeText(text),
  );

export const elements = (document: string, name: string): readonly string[] =>
  [...document.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, inner = '']) => inner);

const unescapeText = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#13;', '\r')
    .replaceAll('&amp;', '&');
