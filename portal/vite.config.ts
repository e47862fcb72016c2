import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where `npx vite portal` finds the Identity API while pages are written; the built pages have it at their own origin. */
const api = process.env.IDENTITY_API ?? 'http://127.0.0.1:4400/api';

export default defineConfig({
  root: here('.'),
  base: '/portal/',
  publicDir: here('public'),
  build: {
    outDir: here('../dist/portal'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would need exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    proxy: { '/v1': { target: new URL(api).origin, rewrite: (path) => `${new URL(api).pathname}${path}` } },
  },
});
