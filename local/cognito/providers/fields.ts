const numbers = new Set([
  'MinimumLength',
  'TemporaryPasswordValidityDays',
  'PasswordHistorySize',
  'UnusedAccountValidityDays',
  'Precedence',
  'AccessTokenValidity',
  'IdTokenValidity',
  'RefreshTokenValidity',
  'AuthSessionValidity',
  'RetryGracePeriodSeconds',
]);

const texts = new Set(['MinLength', 'MaxLength', 'MinValue', 'MaxValue']);

/** Gives values of a template the type the API expects: parameters of a template arrive as strings. */
export function typed(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => typed(entry));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typed(member, key)]));
  }
  if (numbers.has(name) && typeof value === 'string') return Number(value);
  if (texts.has(name) && typeof value === 'number') return String(value);
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}

/** Properties of a resource read against the schema of the API operation that would create it. */
export const asBody = (properties: Record<string, unknown>): Buffer =>
  Buffer.from(JSON.stringify(typed(properties)));
