import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeClientPackage } from './client-package.ts';

/** Compiles what the package exports, and lays out the package of the client beside it. */
const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'dist/package');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

rmSync(compiled, { recursive: true, force: true }); // a module that was renamed would be published for ever
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.package.json'], { cwd: root, stdio: 'inherit' });
writeClientPackage(compiled, join(root, 'dist/client-package'));
