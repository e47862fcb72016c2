import { spawnSync } from 'node:child_process';

const hasJava = spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

/** What a store's contract runs on: dynoxide, and Amazon's DynamoDB Local where a Java runtime is found. */
export const engines: readonly ('dynoxide' | 'dynamodb-local')[] = hasJava
  ? ['dynoxide', 'dynamodb-local']
  : ['dynoxide'];
