import { invalidParameter } from './errors.ts';

/** One page of a list whose tokens say where the next one begins. */
export function pageOf<T>(
  all: readonly T[],
  limit: number,
  token: string | undefined,
): { readonly items: readonly T[]; readonly next?: string } {
  const start = token === undefined ? 0 : readToken(token);
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, next: Buffer.from(`from:${end}`).toString('base64') } : { items };
}

function readToken(token: string): number {
  const [, position] = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8')) ?? [];
  if (position === undefined) throw invalidParameter('Invalid pagination token.');
  return Number(position);
}
