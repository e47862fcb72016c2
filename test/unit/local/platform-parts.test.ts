import { describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { createFaults } from '../../../local/faults.ts';
import { createLog } from '../../../local/log.ts';
import { createMeter } from '../../../local/meter.ts';

describe('the clock', () => {
  it('adds up what it was advanced by', () => {
    const clock = createClock(() => 1_000);
    clock.advance(500);
    clock.advance(250);
    expect(clock.now()).toBe(1_750);
    expect(new Float64Array(clock.shared)[0]).toBe(750);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to move by %s', (milliseconds) => {
    expect(() => createClock().advance(milliseconds)).toThrow(RangeError);
  });
});

describe('faults', () => {
  it('are taken in order, each as often as asked', () => {
    const faults = createFaults();
    const slow = { kind: 'delay', milliseconds: 5 } as const;
    const broken = { kind: 'error', name: 'InternalServerError' } as const;
    faults.add({ service: 'dynamodb', operation: 'GetItem', effect: slow, times: 2 });
    faults.add({ service: 'dynamodb', effect: broken });
    expect(faults.take('kms', 'Sign')).toBeUndefined();
    expect(faults.take('dynamodb', 'PutItem')).toBe(broken);
    expect([1, 2, 3].map(() => faults.take('dynamodb', 'GetItem'))).toEqual([slow, slow, undefined]);
  });

  it('end when cleared', () => {
    const faults = createFaults();
    faults.add({ service: 'lambda', effect: { kind: 'garbage' } });
    faults.clear();
    expect(faults.take('lambda', 'sign-in')).toBeUndefined();
  });

  it.each([0, -1, 1.5])('refuses %s times', (times) => {
    expect(() => createFaults().add({ service: 's', effect: { kind: 'garbage' }, times })).toThrow('times');
  });
});

describe('the meter', () => {
  it('counts by name, sorted, until it is reset', () => {
    const meter = createMeter();
    meter.count('b');
    meter.count('a', 3);
    meter.count('b');
    expect(Object.entries(meter.read())).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    meter.reset();
    expect(meter.read()).toEqual({});
  });
});

describe('the log', () => {
  it('writes one line per record, whatever the message contains', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => lines.push(line) });
    log.info('first\r\nerror forged', { note: 'a\nb', cause: new Error('why') });
    expect(lines).toEqual([
      'info  first error forged {"note":"a\\nb","cause":{"name":"Error","message":"why"}}',
    ]);
  });

  it('drops what is below its level', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'error', write: (line) => lines.push(line) });
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(lines).toEqual(['error c']);
  });
});
