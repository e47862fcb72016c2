#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// Which Node.js is enough, package.json says; the SDK's warning would stand before every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./main.ts');
