import { type Html, html } from './html.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `3 min ago` with the exact time on hover; both on the cloud's clock, which may be ahead of the machine's. */
export const ago = (at: string | number, now: number): Html => {
  const exact = new Date(at).toISOString();
  return html`<time datetime="${exact}" title="${exact.replace('T', ' ').replace('Z', ' UTC')}">${relative(new Date(at).getTime(), now)}</time>`;
};

function relative(at: number, now: number): string {
  const seconds = Math.floor((now - at) / 1000);
  if (seconds < 2) return 'just now';
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? UNITS[3];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** `1 d 3 h`; the two largest units. */
export function duration(ms: number): string {
  let rest = Math.round(ms / 1000);
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.slice(0, 2).join(' ') || '0 s';
}

export const milliseconds = (value: number | undefined): string =>
  value === undefined ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
