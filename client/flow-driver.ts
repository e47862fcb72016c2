import {
  accepts,
  type FlowCall,
  type FlowEvent,
  type FlowMachine,
  type FlowState,
  freshFlow,
  transition,
} from './flow.ts';
import { type FlowStorage, loadFlow, saveFlow } from './flow-storage.ts';
import { IdentityProblem, NetworkFailure } from './problem.ts';

/** A state, and whether a request is under way. The same object until something changes. */
export type Shown<Done> = FlowState<Done> & { readonly busy: boolean };
export type Listener<Done> = (state: Shown<Done>) => void;

export interface FlowOptions {
  /** Where a challenge survives a reload. @default - nowhere */
  readonly storage?: FlowStorage;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

type Answer<Done> = Extract<FlowEvent<Done>, { readonly type: 'answered' }>['answer'];
export type Send<Done> = (flow: string, signal: AbortSignal) => Promise<Answer<Done>>;

export interface FlowDriver<Done> {
  readonly state: Shown<Done>;
  /** @returns how to unsubscribe */
  subscribe(listener: Listener<Done>): () => void;
  /** Sends when the state takes the call, else does nothing. @returns the state afterwards */
  run(call: FlowCall, send: Send<Done>): Promise<Shown<Done>>;
  restore(): Shown<Done>;
  /** Back to the beginning; the answer to what is under way is of no consequence any more. */
  reset(): Shown<Done>;
}

/** Runs the machine of `flow.ts` against requests, listeners and a storage. */
export function driveFlow<Done extends object>(
  key: string,
  { storage, now = Date.now }: FlowOptions,
): FlowDriver<Done> {
  let machine: FlowMachine<Done> = freshFlow;
  let shown: Shown<Done> = show(machine);
  let abort: AbortController | undefined;
  const listeners = new Set<Listener<Done>>();

  function take(event: FlowEvent<Done>): Shown<Done> {
    const before = machine;
    machine = transition(before, event);
    if (machine === before) return shown;
    shown = show(machine);
    // While a request is under way, what is saved stays: its answer may never come.
    if (!machine.underWay) saveFlow(storage, key, machine.state, now());
    for (const listener of [...listeners]) listener(shown);
    return shown;
  }

  return {
    get state() {
      return shown;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async run(call, send) {
      if (!accepts(machine, call)) return shown;
      const { state } = machine;
      take({ type: 'called', call });
      const { ticket } = machine;
      abort = new AbortController();
      try {
        const answer = await send('flow' in state ? (state.flow as string) : '', abort.signal);
        return take({ type: 'answered', ticket, answer, now: now() });
      } catch (problem) {
        if (problem instanceof IdentityProblem || problem instanceof NetworkFailure)
          return take({ type: 'failed', ticket, problem });
        take({ type: 'dropped', ticket });
        throw problem;
      }
    },
    restore() {
      const state = loadFlow(storage, key, now());
      return state ? take({ type: 'restored', state }) : shown;
    },
    reset() {
      abort?.abort();
      return take({ type: 'reset' });
    },
  };
}

const show = <Done>({ state, underWay }: FlowMachine<Done>): Shown<Done> =>
  ({ ...state, busy: underWay !== undefined }) as Shown<Done>;
