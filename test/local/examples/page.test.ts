import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/app-developers.md');
const pages = [page, read('docs/client.md')];
/** Fences name their file after the language: ```js examples/browser/session.js */
const shown = new Map(
  pages.flatMap((text) =>
    Array.from(
      text.matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```$/gm),
      ([, path = '', shownText = '']) => [path, shownText],
    ),
  ) as [string, string][],
);
const files = readdirSync(new URL('examples/', root), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(/^.*\/examples\//, 'examples/'));

describe('docs/app-developers.md and docs/client.md', () => {
  it('shows every example and no other', () => {
    expect([...shown.keys()].sort()).toEqual(files.sort());
  });

  it.each(files)('shows %s as the tests run it', (path) => {
    expect(shown.get(path)).toBe(read(path));
  });

  it.each(pages)('links to pages and headings that are there', (page) => {
    const headings = (text: string) =>
      Array.from(text.matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
    const prose = page.replace(/^```[\s\S]*?^```$/gm, '');
    const links = Array.from(prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g));
    expect(links.length).toBeGreaterThan(1);
    for (const [, path = '', heading = ''] of links) {
      if (path === '../examples') continue;
      const target = path === '' ? page : read(`docs/${path}`);
      if (heading !== '') expect(headings(target), `${path}#${heading}`).toContain(heading);
    }
  });
});
