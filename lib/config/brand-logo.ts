import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Read with the configuration of every page, so it has to stay small. */
const maxLogoBytes = 20_000;

/** What is wrong with a logo file; `undefined` when it can be shown. */
export function logoProblem(path: string): string | undefined {
  if (!path.endsWith('.svg'))
    return 'expected an SVG file: it is sharp on every screen, and small enough to come with the page';
  if (!existsSync(path)) return `there is no file ${resolve(path)}; paths begin where the synth runs`;
  const svg = readFileSync(path, 'utf8');
  const bytes = Buffer.byteLength(svg);
  if (bytes > maxLogoBytes) return `expected at most ${maxLogoBytes} bytes, got ${bytes}`;
  if (!/<svg[\s>]/.test(svg)) return `${path} is no SVG document`;
  // As an image it could run or fetch nothing anyway; the sign-in pages of Cognito refuse such files.
  const risky =
    /<script|<foreignObject|<!ENTITY|\son\w+\s*=|(?:href|src)\s*=\s*["']?(?!["']?#)|url\(\s*(?!["']?#)/i.exec(
      svg,
    );
  return risky
    ? `has "${risky[0].trim()}": expected a drawing without scripts and without references`
    : undefined;
}

/** As pages may show it under their content security policy: without a file of its own. */
export const logoAsDataUrl = (path: string): string => `data:image/svg+xml;base64,${logoAsBase64(path)}`;

export const logoAsBase64 = (path: string): string => readFileSync(path).toString('base64');
