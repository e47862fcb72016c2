import { invalidParameter, notAuthorized } from './errors.ts';
import type { Client, Pool, SchemaAttribute } from './model.ts';

export interface AttributeValue {
  readonly Name: string;
  readonly Value?: string;
}

const standardNames = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
  'address',
] as const;

const text = (Name: string, MaxLength = '2048'): SchemaAttribute => ({
  Name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength: '0', MaxLength },
});

const flag = (Name: string): SchemaAttribute => ({
  Name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
});

/** The schema of a pool that asks for nothing special. */
export const standardAttributes: readonly SchemaAttribute[] = [
  {
    ...text('sub'),
    Mutable: false,
    Required: true,
    StringAttributeConstraints: { MinLength: '1', MaxLength: '2048' },
  },
  ...standardNames.map((name) =>
    name === 'birthdate'
      ? { ...text(name), StringAttributeConstraints: { MinLength: '10', MaxLength: '10' } }
      : text(name),
  ),
  flag('email_verified'),
  flag('phone_number_verified'),
  {
    Name: 'updated_at',
    AttributeDataType: 'Number',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: '0' },
  },
];

/** A pool's schema: AWS's attributes with the given changes, and the custom ones under their prefix. */
export function schemaWith(given: readonly SchemaAttribute[], base = standardAttributes): SchemaAttribute[] {
  const merged = new Map(base.map((attribute) => [attribute.Name, attribute]));
  for (const attribute of given) {
    const standard = merged.get(attribute.Name);
    const prefix = attribute.DeveloperOnlyAttribute ? 'dev:custom:' : 'custom:';
    const name =
      standard || attribute.Name.startsWith(prefix) ? attribute.Name : `${prefix}${attribute.Name}`;
    const custom = { AttributeDataType: 'String' as const, Mutable: true, Required: false };
    merged.set(name, { ...(standard ?? custom), ...attribute, Name: name });
  }
  return [...merged.values()];
}

export const toRecord = (attributes: readonly AttributeValue[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value ?? '']));

export const toList = (attributes: Readonly<Record<string, string>>): { Name: string; Value: string }[] =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

const verifiedFlags = ['email_verified', 'phone_number_verified'];

/** @throws AwsError `NotAuthorizedException` for an attribute the client may not write */
export function checkWritable(client: Client, names: readonly string[]): void {
  const allowed = client.settings.WriteAttributes;
  const refused = names.some(
    (name) =>
      verifiedFlags.includes(name) || name.startsWith('dev:') || (allowed ? !allowed.includes(name) : false),
  );
  if (refused) throw notAuthorized('A client attempted to write unauthorized attribute');
}

export function readableAttributes(
  client: Client,
  attributes: Readonly<Record<string, string>>,
): Record<string, string> {
  const allowed = client.settings.ReadAttributes;
  const readable = ([name]: [string, string]) =>
    name === 'sub' || (!name.startsWith('dev:') && (allowed === undefined || allowed.includes(name)));
  return Object.fromEntries(Object.entries(attributes).filter(readable));
}

/**
 * Checks new values against the pool's schema.
 * @param existing - values before the change; absent when the user is being created
 * @throws AwsError `InvalidParameterException` naming the attribute
 */
export function checkValues(
  pool: Pool,
  values: Readonly<Record<string, string>>,
  existing?: Readonly<Record<string, string>>,
): void {
  const schema = new Map(pool.schema.map((attribute) => [attribute.Name, attribute]));
  for (const [name, value] of Object.entries(values)) {
    const attribute = schema.get(name);
    if (!attribute) throw nonconforming(name, 'Attribute does not exist in the schema.');
    if (name === 'sub' || (existing && attribute.Mutable === false)) {
      throw invalidParameter(`user.${name}: Attribute cannot be updated.`);
    }
    checkFormat(name, value);
    checkConstraints(attribute, value);
  }
}

/** @throws AwsError `InvalidParameterException` for the first required attribute that is missing */
export function checkRequired(pool: Pool, attributes: Readonly<Record<string, string>>): void {
  const missing = requiredNames(pool).find((name) => !attributes[name]);
  if (missing) throw nonconforming(missing, 'The attribute is required');
}

export const requiredNames = (pool: Pool): string[] =>
  pool.schema.filter(({ Required, Name }) => Required && Name !== 'sub').map(({ Name }) => Name);

const emailPattern = /^[^\s@,;<>()[\]\\:"]+@[^\s@,;<>()[\]\\:"]+\.[^\s@,;<>()[\]\\:".]+$/;
const phonePattern = /^\+[1-9]\d{1,14}$/;
export const looksLikeEmail = (value: string): boolean => emailPattern.test(value);
export const looksLikePhone = (value: string): boolean => phonePattern.test(value);

function checkFormat(name: string, value: string): void {
  if (name === 'email' && value && !looksLikeEmail(value))
    throw invalidParameter('Invalid email address format.');
  if (name === 'phone_number' && value && !looksLikePhone(value)) {
    throw invalidParameter('Invalid phone number format.');
  }
  if (verifiedFlags.includes(name) && !/^(true|false)$/i.test(value)) {
    throw nonconforming(name, 'Attribute must be a boolean');
  }
}

function checkConstraints(attribute: SchemaAttribute, value: string): void {
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {};
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {};
  const name = attribute.Name;
  if (value && MinLength && value.length < Number(MinLength)) {
    throw nonconforming(name, `String must be at least ${MinLength} characters long`);
  }
  if (MaxLength && value.length > Number(MaxLength)) {
    throw nonconforming(name, `String must be no longer than ${MaxLength} characters`);
  }
  if (attribute.AttributeDataType !== 'Number') return;
  if (value.trim() === '' || Number.isNaN(Number(value)))
    throw nonconforming(name, 'Attribute must be a number');
  if (MinValue && Number(value) < Number(MinValue))
    throw nonconforming(name, `Number must be at least ${MinValue}`);
  if (MaxValue && Number(value) > Number(MaxValue))
    throw nonconforming(name, `Number must be at most ${MaxValue}`);
}

const nonconforming = (name: string, reason: string) =>
  invalidParameter(`Attributes did not conform to the schema: ${name}: ${reason}`);
