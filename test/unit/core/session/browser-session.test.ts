import { describe, expect, it } from 'vitest';
import { isIntended, isOwnOrigin } from '../../../../lambdas/core/session/browser-session.ts';

const own = 'https://account.harbour.example';
const csrf = 'c'.repeat(43);

describe('a read that brings the cookie', () => {
  it.each([
    { what: 'of the page itself', site: 'same-origin', isOurs: true },
    { what: 'of an address that was typed', site: 'none', isOurs: true },
    { what: 'of a browser that does not say', isOurs: true },
    { what: 'of a page of ours elsewhere', origin: own, site: 'same-site', isOurs: true },
    { what: 'of a link on another site', site: 'cross-site', isOurs: false },
    { what: 'of an image on a sibling', site: 'same-site', isOurs: false },
    { what: 'of a word that no browser says', site: 'same-origin, none', isOurs: false },
    { what: 'of a foreign page', origin: 'https://evil.example', site: 'cross-site', isOurs: false },
    {
      what: 'of a foreign page that calls itself the same',
      origin: 'null',
      site: 'same-origin',
      isOurs: false,
    },
  ])('$what: let in $isOurs', ({ origin, site, isOurs }) =>
    expect(isIntended({ method: 'GET', origin, csrf: undefined, site }, { csrf }, [own])).toBe(isOurs),
  );
});

describe('a change that brings the cookie', () => {
  it.each([
    { what: 'with origin and value', origin: own, value: csrf, isOurs: true },
    { what: 'without origin', value: csrf, isOurs: false },
    { what: 'without value', origin: own, isOurs: false },
    { what: 'with a value that begins alike', origin: own, value: csrf.slice(1), isOurs: false },
    { what: 'of another origin', origin: `${own}.evil.example`, value: csrf, isOurs: false },
  ])('$what: let in $isOurs', ({ origin, value, isOurs }) =>
    expect(isIntended({ method: 'POST', origin, csrf: value, site: 'same-origin' }, { csrf }, [own])).toBe(
      isOurs,
    ),
  );
});

describe('through the portal', () => {
  it.each([
    { what: 'its own page', site: 'same-origin', isOurs: true },
    { what: 'a browser that does not say', site: undefined, isOurs: true },
    { what: 'a page of an app of ours', site: 'same-site', isOurs: false },
    { what: 'a page of an app of ours on another site', site: 'cross-site', isOurs: false },
  ])('$what reads, changes and signs in: $isOurs', ({ site, isOurs }) => {
    const source = { origin: own, csrf, site, throughPortal: true };
    const acts = ['GET', 'POST'].map((method) => isIntended({ ...source, method }, { csrf }, [own]));
    expect([...acts, isOwnOrigin(source, [own])]).toEqual([isOurs, isOurs, isOurs]);
  });
});
