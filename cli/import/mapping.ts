import type { CandidateConsent } from '../../lambdas/core/migration/candidate.ts';
import { objectOf, type Raw, valueAt } from './presets/preset.ts';

export interface ConsentMapping {
  readonly purpose: string;
  readonly decision: string;
  /** Column, or a fixed value after a colon: `:2026-09`. */
  readonly version?: string;
  readonly language?: string;
  readonly at?: string;
}

/** `field=column` @throws Error in words for the operator */
export function readFieldMapping(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new Error('expected field=column');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `purpose=column,version=column,at=column,language=column`; `:value` in place of a column is the same for everybody. */
export function readConsentMapping(text: string): ConsentMapping {
  const [first = '', ...rest] = text.split(',');
  const [purpose, decision] = readFieldMapping(first);
  const parts = Object.fromEntries(rest.map(readFieldMapping));
  const unknown = Object.keys(parts).find((part) => !['version', 'language', 'at'].includes(part));
  if (unknown) throw new Error(`expected version, at or language, got ${unknown}`);
  return { purpose, decision, ...parts };
}

const mapped = (raw: Raw, column: string | undefined): unknown =>
  column === undefined ? undefined : column.startsWith(':') ? column.slice(1) : valueAt(raw, column);

/** Fields and consents of a record: by mapping, and what a JSON record brings in our own form. */
export function mappedFields(
  raw: Raw,
  fields: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const given = Array.from(fields, ([name, column]) => [name, mapped(raw, column)]);
  return { ...objectOf(raw.profile), ...Object.fromEntries(given) };
}

export function mappedConsents(raw: Raw, mappings: readonly ConsentMapping[]): readonly CandidateConsent[] {
  const own = (Array.isArray(raw.consents) ? raw.consents : [])
    .map(objectOf)
    .flatMap((consent) =>
      typeof consent.purpose === 'string' ? [{ ...consent, purpose: consent.purpose }] : [],
    );
  const given = mappings.map(({ purpose, decision, version, language, at }) => ({
    purpose,
    decision: mapped(raw, decision),
    version: mapped(raw, version),
    language: mapped(raw, language),
    at: mapped(raw, at),
  }));
  return [...own, ...given];
}
