import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the pages. The same sources give the same bytes.
 * @param output - folder that is emptied and filled. @default - `dist/portal` of this project
 */
export async function buildPortal(output: string = join(root, 'dist', 'portal')): Promise<void> {
  await build({
    configFile: join(root, 'portal', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: output, emptyOutDir: true },
  });
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildPortal();
