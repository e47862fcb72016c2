import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];

/** Machado, Oliveira, Fernandes (2009), severity 1: how people without one kind of cone see linear RGB. */
const sights: Readonly<Record<string, readonly Rgb[]>> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((from) => {
    const part = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map(([x, y, z]) => Math.min(1, Math.max(0, x * r + y * g + z * b))) as unknown as Rgb;

/** CIE L*a*b* at D65, in which distances are about those that are seen. */
function lab(rgb: Rgb): Rgb {
  const [x, y, z] = times(
    [
      [0.4339, 0.3762, 0.1899],
      [0.2126, 0.7152, 0.0722],
      [0.0177, 0.1095, 0.8728],
    ],
    rgb,
  ).map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116)) as unknown as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const apart = (one: Rgb, other: Rgb): number =>
  Math.hypot(...one.map((part, axis) => part - (other[axis] ?? 0)));
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: Rgb, other: Rgb): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
};

const css = await readFile(
  new URL('../../../../portal/src/pages/operator/operator.css', import.meta.url),
  'utf8',
);
const tones = Array.from(css.matchAll(/--tone-[1-4]: (#[0-9a-f]{6})/g)).map(([, hex = '']) => hex);
const schemes = [
  { scheme: 'light', surface: '#ffffff', colours: tones.slice(0, 4) },
  { scheme: 'dark', surface: '#1d1c1a', colours: tones.slice(4) },
];

describe.each(schemes)('tones of plots, $scheme', ({ surface, colours }) => {
  it('are four, and each stands out from the surface', () => {
    expect(colours).toHaveLength(4);
    for (const colour of colours) expect(contrast(linear(colour), linear(surface))).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(sights))('are told apart: %s', (_, matrix) => {
    const seen = colours.map((colour) => lab(times(matrix, linear(colour))));
    for (const [index, one] of seen.entries())
      for (const other of seen.slice(index + 1)) expect(apart(one, other)).toBeGreaterThan(20);
  });

  it('of neighbours in a bar differ in lightness', () => {
    for (const [index, colour] of colours.slice(1).entries())
      expect(contrast(linear(colour), linear(colours[index] ?? ''))).toBeGreaterThan(1.5);
  });
});
