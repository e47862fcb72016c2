import * as v from 'valibot';
import { AwsError } from '../platform.ts';

/** Building blocks of input schemas, with the constraints and the wording of the service's own validation. */
export const text = (minimum: number, maximum: number, pattern?: RegExp) =>
  v.pipe(
    v.string(),
    v.minLength(minimum, `Member must have length greater than or equal to ${minimum}`),
    v.maxLength(maximum, `Member must have length less than or equal to ${maximum}`),
    v.check(
      (value) => !pattern || pattern.test(value),
      `Member must satisfy regular expression pattern: ${pattern?.source ?? ''}`,
    ),
  );

export const integer = (minimum: number, maximum: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(minimum, `Member must have value greater than or equal to ${minimum}`),
    v.maxValue(maximum, `Member must have value less than or equal to ${maximum}`),
  );

export const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.picklist(values, `Member must satisfy enum value set: [${values.join(', ')}]`);

export const poolId = text(1, 55, /^[\w-]+_[0-9a-zA-Z]+$/);
export const clientId = text(1, 128, /^[\w+]+$/);
export const username = text(1, 128, /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u);
export const confirmationCode = text(1, 2048, /^[\S]+$/);
export const accessToken = text(1, 20_000);
export const secretHash = text(1, 128, /^[\w+=/]+$/);
export const groupName = text(1, 128, /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u);
export const map = v.record(v.string(), v.string());
export const attributeName = text(1, 32);
export const attributeList = v.array(v.object({ Name: attributeName, Value: v.optional(text(0, 2048)) }));
export const userContext = v.optional(v.looseObject({}));
export const anything = v.optional(v.unknown());

/**
 * Reads a request body. Unknown members are dropped as AWS does.
 * @throws AwsError `SerializationException` for a wrong JSON type, `InvalidParameterException` for a broken constraint
 */
export function readInput<S extends v.GenericSchema>(schema: S, body: Buffer): v.InferOutput<S> {
  const result = v.safeParse(schema, withoutNulls(parseJson(body)), { abortPipeEarly: true });
  if (result.success) return result.output;
  throw describeIssues(result.issues);
}

function describeIssues(issues: readonly v.BaseIssue<unknown>[]): AwsError {
  const wrongType = issues.find((issue) => isWrongType(issue));
  if (wrongType) {
    const path = v.getDotPath(wrongType) ?? 'request';
    return new AwsError('SerializationException', `${path}: expected ${wrongType.expected}`);
  }
  const details = issues.map(
    (issue) => `Value at '${location(issue)}' failed to satisfy constraint: ${reason(issue)}`,
  );
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`;
  return new AwsError('InvalidParameterException', `${count}: ${details.join('; ')}`);
}

const isMissing = (issue: v.BaseIssue<unknown>) => issue.received === 'undefined';
const isWrongType = (issue: v.BaseIssue<unknown>) =>
  issue.kind === 'schema' && issue.type !== 'picklist' && !isMissing(issue);
const reason = (issue: v.BaseIssue<unknown>) =>
  isMissing(issue) ? 'Member must not be null' : issue.message;

function location(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'request';
  return path.charAt(0).toLowerCase() + path.slice(1);
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the request body is not JSON');
  }
}

function withoutNulls(value: unknown): unknown {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}
