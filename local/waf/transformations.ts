import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { asList, asProperties, UnsupportedWaf } from './request.ts';

export type Transformation = (text: string) => string;

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  nbsp: ' ',
  lt: '<',
  gt: '>',
  amp: '&',
  apos: "'",
};

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  NONE: (text) => text,
  LOWERCASE: (text) => text.toLowerCase(),
  URL_DECODE: decodeUrl,
  URL_DECODE_UNI: (text) => decodeUrl(text.replace(/%u([0-9a-f]{4})/gi, (_, code) => fromCode(code))),
  HTML_ENTITY_DECODE: decodeEntities,
  COMPRESS_WHITE_SPACE: (text) => text.replace(/\s+/g, ' '),
  NORMALIZE_PATH: (text) => posix.normalize(text),
  NORMALIZE_PATH_WIN: (text) => posix.normalize(text.replaceAll('\\', '/')),
  REMOVE_NULLS: (text) => text.replaceAll('\0', ''),
  REPLACE_NULLS: (text) => text.replaceAll('\0', ' '),
  BASE64_DECODE: (text) => Buffer.from(text, 'base64').toString('utf8'),
  HEX_DECODE: (text) => Buffer.from(text, 'hex').toString('utf8'),
  MD5: (text) => createHash('md5').update(text).digest().toString('latin1'),
  CMD_LINE: (text) =>
    text
      .replace(/[\\"'^]/g, '')
      .replace(/\s+(?=[/(])/g, '')
      .replace(/[,;\s]+/g, ' ')
      .toLowerCase(),
};

/** Compiles a `TextTransformations` list in the order of its priorities. */
export function compileTransformations(list: unknown, where: string): Transformation {
  const steps = asList(list)
    .map(asProperties)
    .sort((first, second) => Number(first.Priority) - Number(second.Priority))
    .map(({ Type }) => {
      const step = TRANSFORMATIONS[String(Type)];
      if (step === undefined)
        throw new UnsupportedWaf(where, `text transformation ${String(Type)} is not evaluated here`);
      return step;
    });
  return (text) => steps.reduce((current, step) => step(current), text);
}

/** Wrong escapes stay as they are: a rule must see what an application might see. */
function decodeUrl(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return fromCode(hex);
    if (decimal !== undefined) return fromCode(decimal, 10);
    return ENTITIES[String(name).toLowerCase()] ?? whole;
  });
}

function fromCode(code: string, radix = 16): string {
  const point = Number.parseInt(code, radix);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
}
