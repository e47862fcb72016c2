import type { Cloud } from '../../platform.ts';
import type { MappingSettings } from './settings.ts';

export interface Poller {
  start(): void;
  /** Waits for the batch in progress; what is not checkpointed comes again after a restart. */
  stop(): Promise<void>;
}

export interface PollerParts {
  readonly cloud: Cloud;
  readonly settings: MappingSettings;
  readonly stopping: AbortController;
  /** Whether the function's role may read the source; the reason becomes the mapping's state. */
  permitted(): boolean;
  problem(message: string): void;
  /** Records that are given up, described for the on-failure queue. */
  discarded(message: string, count: number): Promise<void>;
  /** `false` when the service stops meanwhile. */
  pause(milliseconds: number): Promise<boolean>;
}

export const pauseUntil = (stopping: AbortSignal) => (milliseconds: number) =>
  new Promise<boolean>((resolve) => {
    if (stopping.aborted) return resolve(false);
    const stopped = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      stopping.removeEventListener('abort', stopped);
      resolve(true);
    }, milliseconds);
    stopping.addEventListener('abort', stopped, { once: true });
  });
