import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { LambdaFunction } from '../../../local/functions/lambda-function.ts';
import { createMeter } from '../../../local/meter.ts';

let opened: LambdaFunction | undefined;
afterEach(() => opened?.stop());

/** Answers with its thread, or never. */
const source = `const { threadId } = require('node:worker_threads');
  exports.handler = (event) => event.stay ? new Promise(() => {}) : Promise.resolve(threadId);`;

function open(eagerEnvironments: number, maxEnvironments: number): LambdaFunction {
  opened = new LambdaFunction({
    clock: createClock(),
    meter: createMeter(),
    maxEnvironments,
    eagerEnvironments,
    specification: {
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:probe',
      name: 'probe',
      label: 'probe',
      code: { directory: '/var/task', source },
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      memoryMb: 128,
      timeoutMs: 30_000,
      roleArn: 'arn:aws:iam::000000000000:role/probe',
      environment: {},
    },
  });
  return opened;
}

const call = (to: LambdaFunction, stay: boolean) =>
  to.call({ requestId: `${Math.random()}`, eventJson: JSON.stringify({ stay }) });

describe('environments of a function', () => {
  it('beyond the eager ones are started for a call that waits longer than a cold start takes', async () => {
    const probe = open(1, 2);
    void call(probe, true);
    expect(probe.environments).toBe(1);
    expect(await call(probe, false)).toMatchObject({ ok: true });
    expect(probe.environments).toBe(2);
  });

  it('never exceed the limit, and whoever waits is answered when the function is stopped', async () => {
    const probe = open(1, 2);
    const waiting = Array.from({ length: 3 }, () => call(probe, true));
    probe.stop();
    const outcomes = await Promise.all(waiting);
    expect(outcomes.every((outcome) => !outcome.ok)).toBe(true);
    expect(probe.coldStarts).toBeLessThanOrEqual(2);
  });
});
