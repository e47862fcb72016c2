import { AwsError } from '../platform.ts';

/**
 * Typed reading of what a caller or a template sent. Every refusal names the field; `error` is the service's own
 * word for a bad value (`ValidationException`, `InvalidParameterValueException`, …).
 */
export class Fields {
  readonly values: Readonly<Record<string, unknown>>;
  private readonly error: string;

  constructor(value: unknown, error = 'ValidationException') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new AwsError(error, 'expected a JSON object');
    }
    this.values = value as Readonly<Record<string, unknown>>;
    this.error = error;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.refuse(name, 'is required');
  }

  optionalText(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    // a template parameter or a YAML scalar may arrive as a number
    return typeof value === 'number'
      ? String(value)
      : this.refuse(name, `expected a string, got ${typeof value}`);
  }

  /** Whole number within bounds; numeric strings count because CloudFormation parameters are strings. */
  integer(name: string, bounds: { min: number; max: number; default: number }): number {
    return this.optionalInteger(name, bounds) ?? bounds.default;
  }

  optionalInteger(name: string, bounds: { min: number; max: number }): number | undefined {
    if (!this.has(name)) return undefined;
    const value = Number(this.values[name]);
    const allowed = Number.isInteger(value) && value >= bounds.min && value <= bounds.max;
    return allowed ? value : this.refuse(name, `expected a whole number from ${bounds.min} to ${bounds.max}`);
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.values[name];
    if (value === undefined || value === null) return otherwise;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    return this.refuse(name, 'expected true or false');
  }

  object(name: string): Fields {
    return this.optionalObject(name) ?? this.refuse(name, 'is required');
  }

  optionalObject(name: string): Fields | undefined {
    if (!this.has(name)) return undefined;
    const value = this.values[name];
    if (typeof value !== 'object' || Array.isArray(value)) return this.refuse(name, 'expected an object');
    return new Fields(value, this.error);
  }

  list(name: string): readonly unknown[] {
    const value = this.values[name] ?? [];
    return Array.isArray(value) ? value : this.refuse(name, 'expected a list');
  }

  objects(name: string): readonly Fields[] {
    return this.list(name).map((entry) => new Fields(entry, this.error));
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((entry) =>
      typeof entry === 'string' ? entry : this.refuse(name, 'expected a list of strings'),
    );
  }

  /** Base64 on the wire, as every blob of the JSON protocols. */
  bytes(name: string): Buffer {
    return Buffer.from(this.text(name), 'base64');
  }

  refuse(name: string, problem: string): never {
    throw new AwsError(this.error, `${name}: ${problem}`);
  }
}
