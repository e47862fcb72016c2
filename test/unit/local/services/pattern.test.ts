import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../local/services/events/pattern.ts';

describe('event patterns', () => {
  const event = {
    source: 'vestibule.audit',
    detail: {
      type: 'SignedIn',
      score: 42,
      tags: ['a', 'b'],
      device: { label: 'Firefox on Windows' },
      gone: null,
    },
  };
  it.each([
    { why: 'an exact value', pattern: { source: ['vestibule.audit'] }, matches: true },
    { why: 'another value', pattern: { source: ['other'] }, matches: false },
    { why: 'one of several', pattern: { detail: { type: ['SignedOut', 'SignedIn'] } }, matches: true },
    {
      why: 'every field',
      pattern: { source: ['vestibule.audit'], detail: { type: ['SignedOut'] } },
      matches: false,
    },
    { why: 'an element of a list', pattern: { detail: { tags: ['b'] } }, matches: true },
    { why: 'a prefix', pattern: { source: [{ prefix: 'vestibule.' }] }, matches: true },
    { why: 'a suffix', pattern: { source: [{ suffix: '.audit' }] }, matches: true },
    {
      why: 'case ignored',
      pattern: { source: [{ 'equals-ignore-case': 'VESTIBULE.AUDIT' }] },
      matches: true,
    },
    {
      why: 'a wildcard',
      pattern: { detail: { device: { label: [{ wildcard: 'Fire*on*' }] } } },
      matches: true,
    },
    { why: 'anything but', pattern: { source: [{ 'anything-but': ['other'] }] }, matches: true },
    {
      why: 'anything but itself',
      pattern: { source: [{ 'anything-but': 'vestibule.audit' }] },
      matches: false,
    },
    {
      why: 'anything but a prefix',
      pattern: { source: [{ 'anything-but': { prefix: 'vest' } }] },
      matches: false,
    },
    {
      why: 'anything but, on a missing field',
      pattern: { missing: [{ 'anything-but': 'x' }] },
      matches: false,
    },
    {
      why: 'a number in a range',
      pattern: { detail: { score: [{ numeric: ['>', 0, '<=', 42] }] } },
      matches: true,
    },
    {
      why: 'a number out of range',
      pattern: { detail: { score: [{ numeric: ['<', 42] }] } },
      matches: false,
    },
    { why: 'a field that exists', pattern: { detail: { score: [{ exists: true }] } }, matches: true },
    {
      why: 'a field that must not exist',
      pattern: { detail: { other: [{ exists: false }] } },
      matches: true,
    },
    { why: 'null', pattern: { detail: { gone: [null] } }, matches: true },
    {
      why: 'one side of $or',
      pattern: { $or: [{ source: ['x'] }, { detail: { score: [42] } }] },
      matches: true,
    },
  ])('$why: $matches', ({ pattern, matches }) => expect(compilePattern(pattern)(event)).toBe(matches));

  it.each([
    { pattern: { source: 'text' }, field: 'source' },
    { pattern: { detail: { type: [] } }, field: 'detail.type' },
    { pattern: { ip: [{ cidr: '10.0.0.0/8' }] }, field: 'ip' },
    { pattern: { detail: { score: [{ numeric: ['>'] }] } }, field: 'detail.score' },
  ])('refuses a pattern and names $field', ({ pattern, field }) =>
    expect(() => compilePattern(pattern)).toThrow(field),
  );
});
