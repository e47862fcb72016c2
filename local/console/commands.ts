import type { Cloud, FaultRule } from '../platform.ts';

/** What was asked of the console does not make sense; the message names the field. */
export class CommandRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefused';
  }
}

const LONGEST_ADVANCE_MS = 10 * 366 * 24 * 3600 * 1000;

/** State-changing calls below `/_console/api/`. */
export const commands: Readonly<Record<string, (cloud: Cloud, input: Record<string, unknown>) => void>> = {
  'clock/advance': ({ clock }, { milliseconds }) => {
    if (typeof milliseconds !== 'number' || !(milliseconds > 0 && milliseconds <= LONGEST_ADVANCE_MS)) {
      throw new CommandRefused('milliseconds: expected a positive number, at most ten years');
    }
    clock.advance(milliseconds);
  },
  faults: ({ faults }, input) => faults.add(readFault(input)),
  'faults/clear': ({ faults }) => faults.clear(),
  'meter/reset': ({ meter }) => meter.reset(),
};

function readFault({ service, operation, times, effect }: Record<string, unknown>): FaultRule {
  if (typeof service !== 'string' || service === '') throw new CommandRefused('service: expected a name');
  if (operation !== undefined && typeof operation !== 'string')
    throw new CommandRefused('operation: expected a name');
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) {
    throw new CommandRefused('times: expected a positive integer');
  }
  return {
    service,
    effect: readEffect((effect ?? {}) as Record<string, unknown>),
    ...(operation !== undefined && operation !== '' && { operation }),
    ...(times !== undefined && { times: Number(times) }),
  };
}

function readEffect({
  kind,
  name,
  status,
  milliseconds,
  deliveries,
}: Record<string, unknown>): FaultRule['effect'] {
  switch (kind) {
    case 'error':
      if (typeof name !== 'string' || name === '')
        throw new CommandRefused('effect.name: expected an error name');
      return { kind, name, ...(typeof status === 'number' && { status }) };
    case 'delay':
      return { kind, milliseconds: positive(milliseconds, 'effect.milliseconds') };
    case 'duplicate':
      return { kind, deliveries: positive(deliveries, 'effect.deliveries') };
    case 'garbage':
      return { kind };
    default:
      throw new CommandRefused('effect.kind: expected error, delay, duplicate or garbage');
  }
}

function positive(value: unknown, field: string): number {
  if (typeof value !== 'number' || !(value > 0))
    throw new CommandRefused(`${field}: expected a positive number`);
  return value;
}
