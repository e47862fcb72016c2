import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookColours } from '../../../../lambdas/core/configuration.ts';
import { defaultLook } from '../../../../lambdas/core/messages/look.ts';
import { allBrands, brandLook, brandOfClientNamed, brandTokens } from '../../../../lib/config/brands.ts';
import { compileConfig } from '../../../../lib/config/compile.ts';
import { defineConfig } from '../../../../lib/config/define-config.ts';
import { ConfigError } from '../../../../lib/config/problems.ts';
import { typefaceNames, typefaces } from '../../../../lib/config/typefaces.ts';
import { portalBrands } from '../../../../lib/portal/portal-brands.ts';
import sample from '../../../../vestibule.config.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test breaks configurations in ways that their type forbids
type Loose = any;

function problemsAfter(change: (config: Loose) => void): string[] {
  const config = structuredClone(sample) as Loose;
  change(config);
  try {
    defineConfig(config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-brands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const drawing = (content: string, name = 'logo.svg'): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('brands of the configuration', () => {
  it.each<[string, (config: Loose) => void, string]>([
    ['an id in capitals', (c) => (c.brands[0].id = 'Hearth'), 'brands[0].id: expected a lower-case letter'],
    [
      'an id twice',
      (c) => (c.brands[0].id = 'default'),
      'brands[0].id: "default" belongs to the brand "default"',
    ],
    [
      'a host of another brand',
      (c) => (c.brand.hosts = ['hearth.lindenlark.example']),
      'brands[0].hosts[0]: "hearth.lindenlark.example" belongs to the brand "default" already',
    ],
    [
      'a client of another brand',
      (c) => (c.brand.clients = ['hearth']),
      'brands[0].clients[0]: "hearth" belongs to the brand "default" already',
    ],
    [
      'a client that there is not',
      (c) => (c.brands[0].clients = ['heart']),
      'brands[0].clients[0]: "heart" signs nobody in; known: ',
    ],
    [
      'a host whose pages may hold no session',
      (c) => c.stages.prod.origins.pop(),
      'brands[0].hosts[0]: add "https://hearth.lindenlark.example" to stages.prod.origins',
    ],
    [
      'a host with a port where the portal has none',
      (c) => (c.brands[0].hosts = ['hearth.lindenlark.example:8443']),
      'brands[0].hosts[0]: has a port, which the portal of prod has not',
    ],
    [
      'a machine',
      (c) => (c.brands[0].clients = ['reports']),
      'brands[0].clients[0]: "reports" signs nobody in',
    ],
    [
      'a host with path',
      (c) => (c.brands[0].hosts = ['shop.example/x']),
      'brands[0].hosts[0]: expected a lower-case host',
    ],
    [
      'a named colour',
      (c) => (c.brands[0].colours.light.brand = 'brown'),
      'brands[0].colours.light.brand: expected a colour as #1f5d4c',
    ],
    [
      'an unknown colour',
      (c) => (c.brands[0].colours.light.accent = '#000000'),
      'brands[0].colours.light.accent: unknown setting',
    ],
    [
      'a colour for one scheme',
      (c) => delete c.brands[0].colours.dark.line,
      'brands[0].colours.dark.line: is missing: it is set for light',
    ],
    [
      'a corner too round',
      (c) => (c.brands[0].radius = 99),
      'brands[0].radius: expected a whole number of pixels from 0 to 32',
    ],
    [
      'a font of the web',
      (c) => (c.brands[0].typeface = 'Roboto'),
      'brands[0].typeface: expected one of system',
    ],
    [
      'texts in an unknown language',
      (c) => (c.brands[0].texts = { nl: {} }),
      'brands[0].texts.nl: not one of the configured languages',
    ],
    [
      'a text without area',
      (c) => (c.brands[0].texts = { en: { signIn: 'Enter' } }),
      'brands[0].texts.en.signIn: expected area/key',
    ],
    [
      'a text that the portal has not',
      (c) => (c.brands[0].texts = { en: { 'common/signInn': 'Enter' } }),
      'brands[0].texts.en.common/signInn: the portal has no such text; did you mean "common/signIn"?',
    ],
    [
      'a text that fills in what nobody gives',
      (c) => (c.brands[0].texts = { en: { 'common/signIn': 'Enter, {name}' } }),
      'brands[0].texts.en.common/signIn: has {name}, which nobody fills in',
    ],
    [
      'a text that drops what is filled in',
      (c) => (c.brands[0].texts = { en: { 'developers/scope': 'Needs a session.' } }),
      'brands[0].texts.en.developers/scope: lacks {scope}, which is filled in',
    ],
    [
      'a text with plural forms',
      (c) => (c.brands[0].texts = { en: { 'developers/found': 'Some' } }),
      'brands[0].texts.en.developers/found: has plural forms',
    ],
    [
      'a language without texts of the pages and mails',
      (c) => (c.languages = [...c.languages, 'nl']),
      'languages[5]: there are no texts in "nl", only in en, de, fr, es, ar',
    ],
    [
      'a signature in one language less',
      (c) => delete c.brands[0].mail.signature.fr,
      'brands[0].mail.signature.fr: no text for this language',
    ],
    [
      'a sender that is no address',
      (c) => (c.brands[0].mail.from = 'Hearth'),
      'brands[0].mail.from: expected one mail address',
    ],
    [
      'links without https',
      (c) => (c.brands[0].links.terms = 'http://x.example'),
      'brands[0].links.terms: expected https://',
    ],
    [
      'a logo that is not there',
      (c) => (c.brands[0].logo.light = 'nowhere.svg'),
      `brands[0].logo.light: there is no file ${resolve('nowhere.svg')}`,
    ],
    [
      'a logo of another kind',
      (c) => (c.brands[0].logo.dark = 'logo.png'),
      'brands[0].logo.dark: expected an SVG file',
    ],
  ])('refuse %s, by its path', (_, change, expected) =>
    expect(problemsAfter(change)).toContainEqual(expect.stringContaining(expected)),
  );

  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', '<script'],
    ['<svg onload="x()"></svg>', 'onload='],
    ['<svg><image href="https://tracker.example/x.png"/></svg>', 'href='],
    ['<svg><rect fill="url(https://tracker.example/x)"/></svg>', 'url('],
    ['no drawing', 'is no SVG document'],
    [`<svg>${' '.repeat(20_001)}</svg>`, 'at most 20000 bytes'],
  ])('refuse the logo %.60s', (svg, expected) =>
    expect(problemsAfter((c) => (c.brands[0].logo.light = drawing(svg)))).toContainEqual(
      expect.stringContaining(expected),
    ),
  );

  it('take a drawing that refers to its own parts', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/><use href="#a"/><rect fill="url(#g)" stroke="url(\'#g\')"/></svg>';
    expect(problemsAfter((c) => (c.brands[0].logo.light = drawing(svg)))).toEqual([]);
  });

  it('take the single brand of older configurations, and one that says everything', () => {
    expect(problemsAfter((c) => delete c.brands)).toEqual([]);
    expect(
      problemsAfter((c) => {
        c.brand = { ...c.brands[0], id: 'main', hosts: ['account.lindenlark.example'], clients: ['shop'] };
        c.brand.texts = { en: { 'common/signIn': 'Enter' } };
      }),
    ).toEqual([]);
  });
});

describe('contrast of a brand', () => {
  it('is measured for every pair in use, in both schemes, and named by path', () => {
    const problems = problemsAfter((c) => {
      c.brands[0].colours.light.brand = '#c98a5a';
      c.brands[0].colours.dark['on-brand'] = '#a06a4a';
    });
    expect(problems).toContain(
      'brands[0].colours.light.brand: "brand" on "surface" measures 2.88:1, text needs 4.5:1; "brand" #916341 would do',
    );
    expect(
      problems.filter((line) => line.startsWith('brands[0].colours.light.on-brand: "on-brand" on "brand"')),
    ).toHaveLength(1);
    expect(problems.filter((line) => line.startsWith('brands[0].colours.dark.on-brand'))).toHaveLength(2);
    expect(
      problems.every((line) =>
        /measures \d+\.\d\d:1, .* needs (4\.5|3):1(; "[a-z-]+" #[0-9a-f]{6} would do)?$/.test(line),
      ),
    ).toBe(true);
  });

  it('is looked at for the edges of inputs, which need 3:1', () => {
    const grey = { light: { muted: '#cfcac2' }, dark: { muted: '#b7b2a8' } };
    expect(problemsAfter((c) => (c.brand.colours = grey))).toContainEqual(
      expect.stringMatching(
        /^brand\.colours\.light\.muted: "edge" on "surface" measures 1\.\d\d:1, a part of the page needs 3:1; "muted" #[0-9a-f]{6} would do$/,
      ),
    );
  });

  it('names a colour that ends every complaint of it', () => {
    const [line = ''] = problemsAfter((c) => (c.brands[0].colours.light.brand = '#c98a5a'));
    const advised = /"brand" (#[0-9a-f]{6}) would do/.exec(line)?.[1];
    expect(problemsAfter((c) => (c.brands[0].colours.light.brand = advised))).toEqual([]);
  });

  it('is right for the colours of the portal themselves', () =>
    expect(problemsAfter((c) => Object.assign(c, { brand: { name: 'Plain' }, brands: [] }))).toEqual([]));
});

describe('tokens of a brand', () => {
  it('are what it sets, for pages that have the rest', () => {
    const [plain, hearth] = allBrands(sample);
    expect(brandTokens(plain as Loose)).toEqual({ light: {}, dark: {} });
    expect(brandTokens(hearth as Loose)).toMatchObject({
      light: { brand: '#8a3b12', 'on-brand': '#ffffff' },
      radius: '6px',
      font: typefaces.serif,
    });
  });

  it('are complete for mails and sign-in pages', () => {
    expect(brandLook({})).toEqual(defaultLook);
    const look = brandLook(allBrands(sample)[1] as Loose);
    expect(look.light).toEqual({
      ...defaultLook.light,
      brand: '#8a3b12',
      background: '#faf5f0',
      line: '#eadfd5',
    });
    expect(Object.keys(look.dark).sort()).toEqual([...lookColours].sort());
  });

  it('are the same every time, and so is the configuration of pages and functions', () => {
    expect(portalBrands(sample)).toEqual(portalBrands(structuredClone(sample)));
    expect(JSON.stringify(compileConfig(sample, 'dev'))).toBe(
      JSON.stringify(compileConfig(structuredClone(sample), 'dev')),
    );
  });

  it('have a stack for each typeface that ends in a generic family', () =>
    expect(typefaceNames.filter((name) => !/sans-serif$|serif$/.test(typefaces[name]))).toEqual([]));
});

describe('a client', () => {
  it('belongs to the brand that names it, else to the default one', () => {
    expect(brandOfClientNamed(sample, 'hearth').id).toBe('hearth');
    expect(brandOfClientNamed(sample, 'shop').id).toBe('default');
    expect(compileConfig(sample, 'dev').brands?.map(({ id, clients }) => [id, clients])).toEqual([
      ['default', []],
      ['hearth', ['hearth']],
    ]);
  });
});
