import type { Clock } from './platform.ts';

/** The clock of the main thread; `shared` hands its offset to the threads of the functions without a message. */
export interface SharedClock extends Clock {
  /** One 64-bit float: the offset in milliseconds. */
  readonly shared: SharedArrayBuffer;
}

/** System time plus an offset that only grows. The offset ends with the cloud. */
export function createClock(systemNow: () => number = Date.now): SharedClock {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const offset = new Float64Array(shared);
  const current = () => offset[0] ?? 0;
  return {
    shared,
    now: () => systemNow() + current(),
    advance: (milliseconds) => {
      if (!Number.isFinite(milliseconds) || milliseconds < 0) {
        throw new RangeError(`milliseconds: time only moves forward, got ${milliseconds}`);
      }
      offset[0] = current() + milliseconds;
    },
  };
}
