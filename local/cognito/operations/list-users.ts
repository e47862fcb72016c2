import * as v from 'valibot';
import { invalidParameter } from '../errors.ts';
import type { User } from '../model.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { attributeName, integer, poolId, text } from '../schema.ts';
import { describeUser } from './describe.ts';

const searchable = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
];

const filterPattern = /^\s*"?([\w:]+)"?\s*(\^=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

export const listUsers = operation('ListUsers', {
  access: 'iam',
  input: v.object({
    UserPoolId: poolId,
    AttributesToGet: v.optional(v.array(attributeName)),
    Limit: v.optional(integer(0, 60), 60),
    PaginationToken: v.optional(text(1, 131_072)),
    Filter: v.optional(text(0, 256)),
  }),
  handle: (engine, input) => {
    engine.pools.get(input.UserPoolId);
    const matches = readFilter(input.Filter ?? '');
    const users = engine.directory.list(input.UserPoolId).filter(matches);
    const { items, next } = pageOf(users, input.Limit || 60, input.PaginationToken);
    return {
      Users: items.map((user) => describeUser(user, input.AttributesToGet)),
      ...(next ? { PaginationToken: next } : {}),
    };
  },
});

/** `attribute = "value"` or `attribute ^= "prefix"`; quotes inside the value are escaped. */
export function readFilter(filter: string): (user: User) => boolean {
  if (!filter.trim()) return () => true;
  const [, name = '', operator, quoted = ''] = filterPattern.exec(filter) ?? [];
  if (!operator) throw invalidParameter('Error while parsing filter.');
  if (!searchable.includes(name)) throw invalidParameter(`Invalid search attribute: ${name}`);
  const wanted = quoted.replace(/\\(.)/g, '$1');
  const compare = (value: string, expected: string) =>
    operator === '=' ? value === expected : value.startsWith(expected);
  if (name !== 'cognito:user_status') return (user) => compare(searchValue(user, name), wanted);
  return (user) => compare(user.status.toLowerCase(), wanted.toLowerCase());
}

function searchValue(user: User, name: string): string {
  if (name === 'username') return user.username;
  if (name === 'sub') return user.sub;
  if (name === 'status') return user.enabled ? 'Enabled' : 'Disabled';
  return user.attributes[name] ?? '';
}
