import { describe, expect, it } from 'vitest';
import { ownPage, paths, signInThen } from '../../../portal/src/paths.ts';

describe('the page to go on to', () => {
  it.each([['/portal/privacy'], ['/portal/security?from=mail'], ['/portal/']])('is %s', (page) =>
    expect(ownPage(page)).toBe(page),
  );

  it.each([
    ['another site', 'https://evil.example/portal/'],
    ['another site without a scheme', '//evil.example/portal/'],
    ['another site behind a page of ours', '/portal//evil.example'],
    ['a backslash', '/portal/\\evil.example'],
    ['a script', 'javascript:alert(1)//portal/'],
    ['a page of another app', '/admin/'],
    ['a line break', '/portal/\n/evil.example'],
    ['a way up', '/portal/../v1/me/data'],
    ['an encoded way up', '/portal/%2e%2E/v1/me/data'],
    ['nothing', undefined],
    ['an empty address', ''],
  ])('is the overview for %s', (_what, wanted) => expect(ownPage(wanted)).toBe(paths.overview));

  it('survives the way over the sign-in page', () => {
    const address = new URL(signInThen('/portal/profile?a=1&b=2'), 'https://account.example');
    expect(ownPage(address.searchParams.get('then'))).toBe('/portal/profile?a=1&b=2');
  });
});
