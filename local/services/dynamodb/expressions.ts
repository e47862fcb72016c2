/** What the policies' condition keys need to know of a request, read from its expressions without evaluating them. */

interface Expressive {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

const words = new Set(
  (
    'SET REMOVE ADD DELETE AND OR NOT BETWEEN IN if_not_exists list_append attribute_exists attribute_not_exists ' +
    'attribute_type begins_with contains size'
  )
    .split(' ')
    .map((word) => word.toLowerCase()),
);

/** Top-level attributes that an expression names: `#a.b[0] = :v` names whatever `#a` stands for. */
export function attributesOf(
  expression: string | undefined,
  names: Expressive['ExpressionAttributeNames'] = {},
): string[] {
  if (!expression) return [];
  const found: string[] = [];
  for (const [token] of expression.matchAll(/(?<![.\w:#-])#?[A-Za-z_][\w-]*/g)) {
    if (token.startsWith('#')) found.push(names[token] ?? token);
    else if (!words.has(token.toLowerCase())) found.push(token);
  }
  return found;
}

/** The scalar of a key attribute as policies see it: a string. */
export const scalar = (value: AttributeValue | undefined): string | undefined => {
  const inner = value ? Object.values(value)[0] : undefined;
  return typeof inner === 'string' ? inner : undefined;
};

/** The partition key value that a Query asks for: DynamoDB allows nothing but equality there. */
export function queriedKey(
  query: Expressive & { KeyConditionExpression?: string },
  partitionKey: string,
): string | undefined {
  const names = query.ExpressionAttributeNames ?? {};
  for (const [, name = '', value = ''] of (query.KeyConditionExpression ?? '').matchAll(
    /([#\w.-]+)\s*=\s*(:[\w-]+)/g,
  )) {
    if ((names[name] ?? name) === partitionKey) return scalar(query.ExpressionAttributeValues?.[value]);
  }
  return undefined;
}
