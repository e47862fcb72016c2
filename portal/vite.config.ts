import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where `npx vite portal` finds the Identity API while pages are written; the built pages have it at their own origin. */
const api = process.env.IDENTITY_API ?? 'http://127.0.0.1:4400/api';

/**
 * What pages share, in few files: left to itself the bundler makes one for every set of pages that has something in common,
 * which is thirty requests before the sign-in page is there.
 */
const groups = [
  { name: 'portal', tags: ['$initial' as const], priority: 3 },
  { name: 'kit', test: /src[\\/](kit|shell|text|session)[\\/].*tsx?$/, minShareCount: 3, priority: 2 },
  { name: 'public', test: /pages[\\/](sign-in|sign-up|recovery)[\\/].*tsx?$/, minShareCount: 2, priority: 1 },
  { name: 'account', test: /pages[\\/]account[\\/].*tsx?$/, minShareCount: 3 },
];

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
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    proxy: { '/v1': { target: new URL(api).origin, rewrite: (path) => `${new URL(api).pathname}${path}` } },
  },
});
