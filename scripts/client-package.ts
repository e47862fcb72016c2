import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Sets the client aside as a package of its own: an app that signs people in has no use for the constructs, the functions and
 * what these depend on.
 * @param compiled - folder of `client/` as the compiler wrote it
 */
export function writeClientPackage(compiled: string, to: string): void {
  const { version, license, type, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entry = { types: './client/index.d.ts', default: './client/index.js' };
  const manifest = {
    name: 'vestibule-client',
    version,
    description: 'Typed client of a Vestibule Identity API, for browsers and Node.js. Without dependencies.',
    license,
    type,
    sideEffects: false,
    engines,
    // Also at `/client`: installed as `vestibule`, it is imported as from the whole package.
    exports: { '.': entry, './client': entry, './package.json': './package.json' },
    files: ['client'],
  };
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(join(compiled, 'client'), join(to, 'client'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
  cpSync(join(root, 'docs/client.md'), join(to, 'README.md'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
