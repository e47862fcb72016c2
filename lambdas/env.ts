/**
 * Typed environment values, read once at cold start. Whatever is missing or out of bounds fails the start, naming the
 * key but never quoting the value: a function with half a configuration must not answer.
 */
export type EnvField = TextField | IntegerField | BooleanField;

interface TextField {
  readonly type: 'text';
  /** Allowed values; any text when absent. */
  readonly of?: readonly string[];
  readonly fallback?: string;
}

interface IntegerField {
  readonly type: 'integer';
  /** Inclusive bounds. */
  readonly min: number;
  readonly max: number;
  readonly fallback?: number;
}

interface BooleanField {
  readonly type: 'boolean';
  readonly fallback?: boolean;
}

type FieldValue<F extends EnvField> = F extends TextField
  ? F extends { readonly of: readonly (infer V)[] }
    ? V
    : string
  : F extends IntegerField
    ? number
    : boolean;

export type Env<Shape extends Readonly<Record<string, EnvField>>> = {
  readonly [Key in keyof Shape]: FieldValue<Shape[Key]>;
};

export const text = (fallback?: string): TextField => ({ type: 'text', fallback });
export const oneOf = <const Values extends readonly string[]>(of: Values, fallback?: Values[number]) => ({
  type: 'text' as const,
  of,
  fallback,
});
export const integer = (min: number, max: number, fallback?: number): IntegerField => ({
  type: 'integer',
  min,
  max,
  fallback,
});
export const boolean = (fallback?: boolean): BooleanField => ({ type: 'boolean', fallback });

/** @throws Error that names every missing or malformed key at once */
export function readEnv<const Shape extends Readonly<Record<string, EnvField>>>(
  shape: Shape,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Env<Shape> {
  const problems: string[] = [];
  const values = Object.entries(shape).map(([key, field]) => {
    const read = readField(field, source[key]);
    if ('problem' in read) problems.push(`${key}: ${read.problem}`);
    return [key, 'value' in read ? read.value : undefined];
  });
  if (problems.length > 0) throw new Error(`environment: ${problems.join('; ')}`);
  return Object.fromEntries(values) as Env<Shape>;
}

type Read = { readonly value: string | number | boolean } | { readonly problem: string };

function readField(field: EnvField, raw: string | undefined): Read {
  if (raw === undefined || raw === '') {
    return field.fallback === undefined ? { problem: 'missing' } : { value: field.fallback };
  }
  switch (field.type) {
    case 'text':
      return field.of && !field.of.includes(raw)
        ? { problem: `expected one of ${field.of.join(', ')}` }
        : { value: raw };
    case 'integer':
      return readInteger(field, raw);
    case 'boolean':
      return raw === 'true' || raw === 'false'
        ? { value: raw === 'true' }
        : { problem: 'expected true or false' };
  }
}

function readInteger({ min, max }: IntegerField, raw: string): Read {
  const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
  return value >= min && value <= max
    ? { value }
    : { problem: `expected a whole number from ${min} to ${max}` };
}
