import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type SharedClock } from '../../../local/clock.ts';
import { createFaults } from '../../../local/faults.ts';
import { Journal, keptLines } from '../../../local/functions/journal.ts';
import { FunctionRuntime } from '../../../local/functions/runtime.ts';
import type { FunctionSpecification } from '../../../local/functions/specification.ts';
import { createMeter } from '../../../local/meter.ts';

const arn = (name: string) => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;
const internal = { principal: 'internal' };

let clock: SharedClock;
let runtime: FunctionRuntime;
const faults = createFaults();
const meter = createMeter();

beforeEach(() => {
  clock = createClock();
  meter.reset();
  faults.clear();
  open(2);
});
afterEach(() => runtime.stop());

function open(maxEnvironments: number): void {
  runtime = new FunctionRuntime({ clock, meter, faults, maxEnvironments });
}

/** Registers a function with this source and gives its ARN. */
function deploy(source: string, overrides: Partial<FunctionSpecification> = {}, name = 'probe'): string {
  runtime.register({
    arn: arn(name),
    name,
    label: name,
    code: { directory: '/var/task', source },
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    memoryMb: 128,
    timeoutMs: 3_000,
    roleArn: 'arn:aws:iam::000000000000:role/probe',
    environment: { TABLE: 'profiles' },
    ...overrides,
  });
  return arn(name);
}

describe('a function', () => {
  it('gets the event and the context, and answers as JSON does', async () => {
    const target = deploy(`exports.handler = async (event, context) => ({
      event, dropped: undefined, at: new Date(0), name: context.functionName, arn: context.invokedFunctionArn,
      memory: context.memoryLimitInMB, id: context.awsRequestId.length, left: context.getRemainingTimeInMillis() });`);
    const result = await runtime.invoke(target, { a: 1, gone: undefined }, internal);
    if (!result.ok) throw new Error(result.message);
    const { left, ...payload } = result.payload as { left: number };
    expect(payload).toEqual({
      event: { a: 1 },
      at: '1970-01-01T00:00:00.000Z',
      name: 'probe',
      arn: target,
      memory: '128',
      id: 36,
    });
    expect(left).toBeGreaterThan(2_000);
    expect(left).toBeLessThanOrEqual(3_000);
  });

  it('sees its own environment values and none of the machine', async () => {
    process.env.VESTIBULE_PROBE_SECRET = 'x';
    const target = deploy('exports.handler = async () => Object.keys(process.env).sort();');
    const result = await runtime.invoke(target, {}, internal);
    delete process.env.VESTIBULE_PROBE_SECRET;
    expect(result).toMatchObject({ ok: true, payload: ['LAMBDA_TASK_ROOT', 'TABLE'] });
  });

  it.each([
    { style: 'a promise', source: 'exports.handler = async () => 7;' },
    { style: 'a value', source: 'exports.handler = () => 7;' },
    { style: 'a callback', source: 'exports.handler = (e, c, done) => setImmediate(done, null, 7);' },
    { style: 'nothing', source: 'exports.handler = async () => {};', payload: null },
  ])('may answer with $style', async ({ source, payload = 7 }) => {
    const result = await runtime.invoke(deploy(source), {}, internal);
    expect(result).toMatchObject({ ok: true, payload });
  });

  it.each([
    { thrown: 'new TypeError("no")', errorType: 'TypeError', message: 'no' },
    {
      thrown: 'Object.assign(new Error("no"), { name: "CODE", secret: 1 })',
      errorType: 'CODE',
      message: 'no',
    },
    { thrown: '"text"', errorType: 'string', message: 'text' },
    { thrown: '{ a: 1 }', errorType: 'object', message: '{ a: 1 }' },
  ])('that throws $thrown reports $errorType', async ({ thrown, errorType, message }) => {
    const result = await runtime.invoke(
      deploy(`exports.handler = async () => { throw ${thrown}; };`),
      {},
      internal,
    );
    expect(result).toMatchObject({ ok: false, kind: 'threw', errorType, message });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it.each([
    { source: 'nonsense(', errorType: 'SyntaxError' },
    { source: 'throw new RangeError("TABLE: missing")', errorType: 'RangeError' },
    { source: 'exports.other = 1', errorType: 'Runtime.HandlerNotFound' },
  ])('that does not load ($source) reports $errorType at every call', async ({ source, errorType }) => {
    const target = deploy(source);
    for (let call = 0; call < 2; call += 1) {
      expect(await runtime.invoke(target, {}, internal)).toMatchObject({
        ok: false,
        kind: 'threw',
        errorType,
      });
    }
  });

  it('with a callback is refused on a runtime that has none', async () => {
    const target = deploy('exports.handler = (e, c, done) => done(null, 1);', { runtime: 'nodejs24.x' });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
    });
  });

  it('without its file reports an import error', async () => {
    const target = deploy('', { code: { directory: '/nowhere' } });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
    });
  });
});

describe('an environment', () => {
  it('is used again: module state stays, and one cold start is counted', async () => {
    const target = deploy('let calls = 0; exports.handler = async () => (calls += 1);');
    const results = [];
    for (let call = 0; call < 3; call += 1) results.push(await runtime.invoke(target, {}, internal));
    expect(results.map((result) => result.ok && [result.payload, result.coldStart])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    expect(meter.read()).toMatchObject({ 'lambda:probe': 3, 'lambda-cold-start:probe': 1 });
  });

  it('runs one call at a time, and calls beyond the limit wait their turn', async () => {
    const target = deploy(`let running = 0; let most = 0;
      exports.handler = async () => { running += 1; most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5)); running -= 1; return most; };`);
    const results = await Promise.all(Array.from({ length: 10 }, () => runtime.invoke(target, {}, internal)));
    expect(results.map((result) => result.ok && result.payload)).toEqual(Array(10).fill(1));
    expect(runtime.find(target)?.environments).toBe(2);
  });

  it('shares no globals with another function', async () => {
    const first = deploy('globalThis.leak = 1; exports.handler = async () => typeof leak;');
    const second = deploy('exports.handler = async () => typeof leak;', {}, 'other');
    expect(await runtime.invoke(first, {}, internal)).toMatchObject({ payload: 'number' });
    expect(await runtime.invoke(second, {}, internal)).toMatchObject({ payload: 'undefined' });
  });

  it.each([
    { end: 'process.exit(3)', errorType: 'Runtime.ExitError' },
    {
      end: 'setImmediate(() => { throw new Error("late"); }); return new Promise(() => {})',
      errorType: 'Runtime.ExitError',
    },
    {
      end: 'Promise.reject(new Error("lost")); return new Promise(() => {})',
      errorType: 'Runtime.ExitError',
    },
    { end: 'const all = []; for (;;) all.push(new Array(1e5).fill({}))', errorType: 'Runtime.OutOfMemory' },
  ])('that ends with "$end" is replaced', async ({ end, errorType }) => {
    const target = deploy(
      `let calls = 0;
      exports.handler = async (event) => { calls += 1; if (event.end) { ${end}; } return calls; };`,
      { memoryMb: 32 },
    );
    expect(await runtime.invoke(target, { end: true }, internal)).toMatchObject({
      ok: false,
      kind: 'crashed',
      errorType,
    });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({
      ok: true,
      payload: 1,
      coldStart: true,
    });
  });

  it('that exceeds the time limit is ended, even in a busy loop', async () => {
    const target = deploy('exports.handler = async (event) => { while (event.loop); return 1; };', {
      timeoutMs: 50,
    });
    expect(await runtime.invoke(target, { loop: true }, internal)).toMatchObject({
      ok: false,
      kind: 'timeout',
      errorType: 'Sandbox.Timedout',
      message: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 0\.05 seconds$/),
    });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ ok: true, coldStart: true });
  });

  it('goes on when only its caller stops waiting, and a call that had not begun never begins', async () => {
    open(1);
    const target = deploy(`const { existsSync } = require('node:fs');
      let finished = 0;
      exports.handler = async ({ until }) => {
        if (!until) return finished;
        while (!existsSync(until)) await new Promise(setImmediate);
        finished += 1;
      };`);
    await runtime.invoke(target, {}, internal);
    const given = { ...internal, deadlineMs: 100 };
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-functions-'));
    const until = join(folder, 'the-caller-has-gone');
    const late = await Promise.all([1, 2].map(() => runtime.invoke(target, { until }, given)));
    writeFileSync(until, '');
    for (const result of late) {
      expect(result).toMatchObject({ ok: false, kind: 'timeout', message: 'no answer within 100 ms' });
    }
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ payload: 1, coldStart: false });
    rmSync(folder, { recursive: true });
  });

  it('that is stopped answers everybody who waits', async () => {
    const target = deploy('exports.handler = () => new Promise(() => {});');
    const calls = Array.from({ length: 4 }, () => runtime.invoke(target, {}, internal));
    runtime.stop();
    for (const result of await Promise.all(calls))
      expect(result).toMatchObject({ ok: false, kind: 'crashed' });
  });

  it('adds less than a millisecond to a warm call', async () => {
    const target = deploy('exports.handler = async (event) => event;');
    const event = { request: { userAttributes: { sub: 'a'.repeat(36), email: 'ada@example.com' } } };
    for (let call = 0; call < 50; call += 1) await runtime.invoke(target, event, internal);
    const durations: number[] = [];
    for (let call = 0; call < 200; call += 1) {
      durations.push((await runtime.invoke(target, event, internal)).durationMs);
    }
    expect(durations.sort((a, b) => a - b)[100]).toBeLessThan(1);
  });
});

describe('time', () => {
  it("is the cloud's in a running environment, wherever a handler takes it from", async () => {
    const target = deploy(`const at = new Date();
      exports.handler = async () => [Date.now(), new Date().getTime(), Date.parse(Date()), at instanceof Date,
        new Date(5).getTime(), new at.constructor().getTime(), Date.UTC(1970, 0, 1), Date.name];`);
    await runtime.invoke(target, {}, internal);
    clock.advance(86_400_000);
    const result = await runtime.invoke(target, {}, internal);
    const [now, created, text, isDate, fixed, viaInstance, ...rest] = (
      result.ok ? result.payload : []
    ) as number[];
    for (const seen of [now, created, viaInstance])
      expect(Math.abs(clock.now() - (seen ?? 0))).toBeLessThan(1_000);
    expect(Math.abs(clock.now() - (text ?? 0))).toBeLessThan(2_000);
    expect([isDate, fixed, ...rest]).toEqual([true, 5, 0, 'Date']);
  });
});

describe('log lines', () => {
  it('are kept with the call that said them, also when it timed out', async () => {
    const target = deploy(
      `exports.handler = async (event) => { console.log('hello %s', event.name); console.error({ a: 1 });
        process.stdout.write('raw\\n'); while (event.loop); };`,
      { timeoutMs: 100 },
    );
    await runtime.invoke(target, { name: 'Ada' }, internal);
    await runtime.invoke(target, { name: 'Bob', loop: true }, internal);
    const journal = runtime.find('probe')?.journal;
    const [first, second] = journal?.invocations() ?? [];
    expect(journal?.logs(first?.requestId).map(({ level, text }) => [level, text])).toEqual([
      ['info', 'hello Ada'],
      ['error', '{ a: 1 }'],
      ['info', 'raw'],
    ]);
    expect(journal?.logs(second?.requestId)[0]?.text).toBe('hello Bob');
    expect([first?.outcome, second?.outcome, second?.errorType]).toEqual([
      'ok',
      'timeout',
      'Sandbox.Timedout',
    ]);
  });

  it('are bounded in number and in length', () => {
    const journal = new Journal();
    for (let line = 0; line < keptLines + 5; line += 1) {
      journal.line({ at: line, level: 'info', text: 'x'.repeat(20_000) });
    }
    expect([journal.logs().length, journal.logs()[0]?.at]).toEqual([keptLines, 5]);
    expect(journal.logs()[0]?.text.length).toBeLessThan(10_000);
  });
});

describe('who may invoke', () => {
  const pool = 'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_A';
  const cognito = 'cognito-idp.amazonaws.com';

  it.each([
    { sourceArn: pool, principal: cognito, by: pool, allowed: true },
    { sourceArn: pool, principal: cognito, by: `${pool}B`, allowed: false },
    { sourceArn: pool, principal: cognito, by: undefined, allowed: false },
    { sourceArn: pool, principal: 'events.amazonaws.com', by: pool, allowed: false },
    { sourceArn: undefined, principal: cognito, by: pool, allowed: true },
    {
      sourceArn: 'arn:aws:execute-api:*:*:api1/*/GET/v1/*',
      principal: cognito,
      by: 'arn:aws:execute-api:r:a:api1/prod/GET/v1/me',
      allowed: true,
    },
    {
      sourceArn: 'arn:aws:execute-api:*:*:api1/*/GET/v1/*',
      principal: cognito,
      by: 'arn:aws:execute-api:r:a:api1/prod/PUT/v1/me',
      allowed: false,
    },
    { sourceArn: 'a.c', principal: cognito, by: 'abc', allowed: false },
  ])(
    '$principal from $by with a permission for $sourceArn: $allowed',
    async ({ sourceArn, principal, by, allowed }) => {
      const target = deploy('exports.handler = async () => 1;');
      runtime.permissions.add(target, 'P', {
        action: 'lambda:InvokeFunction',
        principal: cognito,
        sourceArn,
      });
      const result = await runtime.invoke(target, {}, { principal, sourceArn: by });
      expect(result.ok || result.kind).toBe(allowed || 'denied');
    },
  );

  it('is nobody without a permission, except what reads streams and queues', async () => {
    const target = deploy('exports.handler = async () => 1;');
    expect(await runtime.invoke(target, {}, { principal: cognito })).toMatchObject({ kind: 'denied' });
    expect(await runtime.invoke(target, {}, { principal: 'dynamodb.amazonaws.com' })).toMatchObject({
      ok: true,
    });
  });

  it('is told when the function does not exist', async () => {
    expect(await runtime.invoke(arn('gone'), {}, internal)).toMatchObject({
      kind: 'missing',
      errorType: 'ResourceNotFoundException',
    });
  });

  it.each(['probe', arn('probe'), `${arn('probe')}:$LATEST`, `${arn('probe')}:live`])(
    'finds it as %s',
    async (name) => {
      deploy('exports.handler = async () => 1;');
      expect(await runtime.invoke(name, {}, internal)).toMatchObject({ ok: true });
    },
  );
});

describe('reserved concurrency', () => {
  it('throttles what goes beyond it', async () => {
    const target = deploy('exports.handler = async () => 1;', { reservedConcurrency: 1 });
    const results = await Promise.all([1, 2].map(() => runtime.invoke(target, {}, internal)));
    expect(results.map((result) => result.ok || result.kind)).toEqual([true, 'throttled']);
    expect(meter.read()).toMatchObject({ 'lambda:probe': 1, 'lambda-throttled:probe': 1 });
  });
});

describe('faults', () => {
  const counting = 'let calls = 0; exports.handler = async () => (calls += 1);';

  it.each([
    { name: 'TooManyRequestsException', kind: 'throttled' },
    { name: 'Sandbox.Timedout', kind: 'timeout' },
    { name: 'AccessDeniedException', kind: 'denied' },
    { name: 'SomeError', kind: 'threw' },
  ])('$name is reported as $kind, once', async ({ name, kind }) => {
    const target = deploy(counting);
    faults.add({ service: 'lambda', operation: 'probe', effect: { kind: 'error', name } });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ ok: false, kind, errorType: name });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ ok: true, payload: 1 });
  });

  it('delivers an event several times and answers with the last result', async () => {
    const target = deploy(counting);
    faults.add({ service: 'lambda', effect: { kind: 'duplicate', deliveries: 3 } });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ ok: true, payload: 3 });
  });

  it("delays within the caller's deadline", async () => {
    const target = deploy(counting);
    faults.add({ service: 'lambda', effect: { kind: 'delay', milliseconds: 60_000 } });
    const result = await runtime.invoke(target, {}, { ...internal, deadlineMs: 20 });
    expect(result).toMatchObject({ ok: false, kind: 'timeout' });
  });

  it('garbles an answer', async () => {
    const target = deploy(counting);
    faults.add({ service: 'lambda', effect: { kind: 'garbage' } });
    expect(await runtime.invoke(target, {}, internal)).toMatchObject({ ok: true, payload: '\u0000garbage' });
  });
});

describe('the log of a function', () => {
  const texts = () =>
    runtime
      .find('probe')
      ?.journal.logs()
      .map(({ text }) => text) ?? [];

  it('has type, message and place of what was thrown, under the call', async () => {
    const target = deploy(`exports.handler = async () => { throw new TypeError('no such purpose'); };`);
    await runtime.invoke(target, {}, internal);
    const [line] = runtime.find('probe')?.journal.logs() ?? [];
    expect(line).toMatchObject({ level: 'error', requestId: expect.any(String) });
    expect(line?.text).toMatch(/^TypeError: no such purpose\n\s+at .*index\.js/);
    expect(line?.text.split('\n').length).toBeLessThanOrEqual(6);
  });

  it('has timeouts and what never loaded', async () => {
    await runtime.invoke(
      deploy('exports.handler = () => new Promise(() => {});', { timeoutMs: 20 }),
      {},
      internal,
    );
    expect(texts().at(-1)).toContain('Task timed out after 0.02 seconds');
    await runtime.invoke(deploy('exports.handler = 1;'), {}, internal);
    expect(texts().at(-1)).toContain('Runtime.HandlerNotFound: index.handler is undefined');
  });

  it('has the fault that took the place of a call', async () => {
    const target = deploy('exports.handler = async () => 1;');
    faults.add({
      service: 'lambda',
      operation: 'probe',
      effect: { kind: 'error', name: 'ServiceException' },
    });
    await runtime.invoke(target, {}, internal);
    expect(texts()).toEqual(['fault: ServiceException instead of a call']);
  });
});
