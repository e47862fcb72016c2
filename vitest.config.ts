import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As apps import it; here from its source, so that tests need no build.
  resolve: { alias: { 'vestibule/client': fileURLToPath(new URL('client/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: more workers only make the local cloud's own threads wait.
    maxWorkers: 2,
    // Deployed functions run on Node.js 24; the SDK's notice about this machine's version would bury real output.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // How long a condition may take on a machine that is busy; a second, the default, is no measure of being wrong.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
