import { describe, expect, it } from 'vitest';
import { type Identifier, maskedDestination } from '../../../../lambdas/core/identifier.ts';
import { shownDestination } from '../../../../portal/src/pages/sign-in/shown-destination.ts';

const masked = (address: string) => maskedDestination(address as Identifier);

describe('where a message went', () => {
  it.each(['ada@example.com', ' Ada@Example.com ', 'a@e.com', 'ada.b@mail.example.com'])(
    'is said in full to who typed %s',
    (typed) => expect(shownDestination(masked(typed.trim().toLowerCase()), typed)).toBe(typed.trim()),
  );

  it.each(['', 'bob@example.com', 'ada@other.com', 'ada@example.org', 'ada'])(
    'stays masked to who typed %j',
    (typed) => expect(shownDestination(masked('ada@example.com'), typed)).toBe('a***@e***.com'),
  );

  it('is a phone where it is one', () => {
    expect(shownDestination('***67', 'ada@example.com')).toBe('***67');
    expect(shownDestination(undefined, 'ada@example.com')).toBe('');
  });
});
