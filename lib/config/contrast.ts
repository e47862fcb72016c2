import type { LookColour } from '../../lambdas/core/configuration.ts';

type Palette = Readonly<Record<LookColour, string>>;
type Rgb = readonly [number, number, number];

/** Least ratios of WCAG 2.2 AA: 1.4.3 for text, 1.4.11 for what an input or a button is seen by. */
const ratios = { text: 4.5, part: 3 } as const;

/** A colour of the palette, or one that the pages mix from two of them as `color-mix(in srgb, first share, second)`. */
interface Mix {
  readonly name: string;
  readonly of: LookColour;
  readonly share: number;
  readonly with: LookColour;
}
type Colour = LookColour | Mix;

const mix = (name: string, of: LookColour, share: number, other: LookColour): Mix => ({
  name,
  of,
  share,
  with: other,
});

/** Named as in kit.css; a notice and a badge are tinted by up to a tenth. */
const soft = mix('soft', 'brand', 0.09, 'surface');
const brandHover = mix('brand-hover', 'brand', 0.88, 'text');
const hover = mix('hover', 'text', 0.05, 'surface');
const edge = mix('edge', 'muted', 0.72, 'surface');
const tint = (of: LookColour): Mix => mix(`tinted ${of}`, of, 0.1, 'surface');

interface Pair {
  readonly kind: keyof typeof ratios;
  readonly ink: Colour;
  readonly ground: Colour;
}

const pairs = (kind: Pair['kind'], ink: Colour, ...grounds: readonly Colour[]): readonly Pair[] =>
  grounds.map((ground) => ({ kind, ink, ground }));

/** Every pair of colours that pages, sign-in pages and mails show on each other. */
const pairsInUse: readonly Pair[] = [
  ...pairs(
    'text',
    'text',
    'background',
    'surface',
    hover,
    soft,
    tint('danger'),
    tint('done'),
    tint('warning'),
  ),
  ...pairs('text', 'muted', 'background', 'surface'),
  ...pairs('text', 'brand', 'background', 'surface', soft),
  ...pairs('text', 'on-brand', 'brand', brandHover),
  ...pairs('text', 'danger', 'surface', tint('danger')),
  ...pairs('text', 'done', 'surface', tint('done')),
  ...pairs('text', 'warning', 'surface', tint('warning')),
  ...pairs('part', edge, 'background', 'surface'),
];

export interface ContrastProblem {
  /** The colour to change. */
  readonly colour: LookColour;
  readonly message: string;
}

/** Pairs that cannot be read or seen well enough, with what was measured and, where one colour is enough, what would do. */
export const contrastProblems = (palette: Palette): readonly ContrastProblem[] =>
  pairsInUse.flatMap((pair) => {
    const measured = measure(pair, palette);
    const least = ratios[pair.kind];
    if (measured >= least) return [];
    const colour = named(pair.ink);
    const what = pair.kind === 'text' ? 'text' : 'a part of the page';
    const shown = (Math.floor(measured * 100) / 100).toFixed(2);
    const said = `${nameOf(pair.ink)} on ${nameOf(pair.ground)} measures ${shown}:1, ${what} needs ${least}:1`;
    return [{ colour, message: said + adviceOn(colour === 'on-brand' ? 'brand' : colour, palette) }];
  });

const named = (colour: Colour): LookColour => (typeof colour === 'string' ? colour : colour.of);

const measure = ({ ink, ground }: Pair, palette: Palette): number =>
  contrast(rgbOf(ink, palette), rgbOf(ground, palette));

const steps = Array.from({ length: 50 }, (_, step) => 1 - (step + 1) / 50);

/** The nearest darker or lighter shade that passes in every pair; none when other colours are wrong as well. */
function adviceOn(colour: LookColour, palette: Palette): string {
  const involved = pairsInUse.filter(({ ink, ground }) =>
    [ink, ground].some((one) => named(one) === colour || (typeof one !== 'string' && one.with === colour)),
  );
  const shade = steps
    .flatMap((share) => ['#000000', '#ffffff'].map((end) => mixed(palette[colour], share, end)))
    .find((candidate) => {
      const changed = { ...palette, [colour]: candidate };
      return involved.every((pair) => measure(pair, changed) >= ratios[pair.kind]);
    });
  return shade ? `; "${colour}" ${shade} would do` : '';
}

const nameOf = (colour: Colour): string => `"${typeof colour === 'string' ? colour : colour.name}"`;

function rgbOf(colour: Colour, palette: Palette): Rgb {
  if (typeof colour === 'string') return parse(palette[colour]);
  const [first, second] = [parse(palette[colour.of]), parse(palette[colour.with])];
  const mixed = (index: 0 | 1 | 2) => first[index] * colour.share + second[index] * (1 - colour.share);
  return [mixed(0), mixed(1), mixed(2)];
}

/** `#rrggbb`, as the schema has made sure. */
const parse = (value: string): Rgb => {
  const channel = (at: number) => Number.parseInt(value.slice(at, at + 2), 16) / 255;
  return [channel(1), channel(3), channel(5)];
};

/** WCAG 2.2: 1 (the same) to 21 (black on white). */
export function contrast(left: Rgb, right: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

/** Two colours of the palette mixed as the pages do it. */
export function mixed(first: string, share: number, second: string): string {
  const [one, two] = [parse(first), parse(second)];
  const channels = one.map((value, index) => value * share + (two[index] ?? 0) * (1 - share));
  return `#${channels
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
