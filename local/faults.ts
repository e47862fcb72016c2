import type { FaultRule, Faults } from './platform.ts';

interface Armed {
  readonly rule: FaultRule;
  left: number;
}

const matches = ({ rule }: Armed, service: string, operation: string): boolean =>
  rule.service === service && (rule.operation === undefined || rule.operation === operation);

/** Faults in the order they were added; the first that matches and is not used up is taken. */
export function createFaults(): Faults {
  let armed: Armed[] = [];
  return {
    add: (rule) => {
      const times = rule.times ?? 1;
      if (!Number.isInteger(times) || times < 1) {
        throw new RangeError(`times: expected a positive integer, got ${times}`);
      }
      armed.push({ rule, left: times });
    },
    clear: () => {
      armed = [];
    },
    armed: () => armed.map(({ rule, left }) => ({ ...rule, times: left })),
    take: (service, operation) => {
      if (armed.length === 0) return undefined; // every call asks, nearly none has a fault
      const found = armed.find((candidate) => matches(candidate, service, operation));
      if (!found) return undefined;
      found.left -= 1;
      if (found.left === 0) armed = armed.filter((candidate) => candidate !== found);
      return found.rule.effect;
    },
  };
}
