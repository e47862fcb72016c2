/** The load generator, in a process of its own: told over IPC what to do, one thing at a time. */
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { type Door, doors, mintContext } from './doors.ts';
import { openChain, type RefreshChain } from './mint.ts';
import { type Person, settlePerson } from './person.ts';

export type LoadCommand =
  | { readonly kind: 'settle'; readonly outputs: Outputs; readonly people: number }
  | { readonly kind: 'mint'; readonly contexts: number; readonly known?: boolean }
  /** One after the other, for counting. */
  | { readonly kind: 'count'; readonly door: Door; readonly count: number; readonly known: boolean }
  | {
      /** `refresh`: new tokens for a refresh token, one session per lane, opened before the time is taken. */
      readonly kind: 'sign-in' | 'refresh';
      readonly door: Door;
      readonly count: number;
      readonly parallel: number;
      readonly maxSeconds: number;
    };

export interface LoadResult {
  readonly done: number;
  readonly seconds: number;
  /** Milliseconds, of single sign-ins or refreshes. */
  readonly p50: number;
  readonly p95: number;
}

/** Contexts live for 300 s, and their route takes 300 requests per second. */
const mintsPerSecond = 250;
const mintsInParallel = 8;

let outputs: Outputs | undefined;
const people: Person[] = [];

process.on('message', (command: LoadCommand) => {
  run(command).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function run(command: LoadCommand): Promise<LoadResult | undefined> {
  if (command.kind === 'settle') {
    outputs = command.outputs;
    while (people.length < command.people) people.push(await settlePerson(outputs));
    return undefined;
  }
  if (!outputs) throw new Error('load: people come first');
  switch (command.kind) {
    case 'mint':
      return mint(outputs, command.contexts, command.known ?? true);
    case 'count':
      return countable(outputs, command);
    case 'sign-in':
      return signIns(outputs, command);
    case 'refresh':
      return refreshes(outputs, command);
  }
}

const personAt = (index: number): Person => {
  const person = people[index % people.length];
  if (!person) throw new Error('load: nobody is settled');
  return person;
};

async function mint(to: Outputs, contexts: number, known: boolean): Promise<undefined> {
  for (const person of people) person.contexts.length = 0; // what is left may have expired
  const startedAt = performance.now();
  await inParallel(mintsInParallel, async (index) => {
    if (index >= contexts) return false;
    const early = (index / mintsPerSecond) * 1000 - (performance.now() - startedAt);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    await mintContext(to, personAt(index), known);
    return true;
  });
}

async function countable(
  to: Outputs,
  { door, count, known }: Extract<LoadCommand, { kind: 'count' }>,
): Promise<undefined> {
  const signIn = doors(to)[door];
  for (let index = 0; index < count; index += 1) await signIn(personAt(index), known);
}

type Load = Extract<LoadCommand, { parallel: number }>;

function signIns(to: Outputs, command: Load): Promise<LoadResult> {
  const signIn = doors(to)[command.door];
  return timed(command, (index) => signIn(personAt(index), true));
}

async function refreshes(to: Outputs, command: Load): Promise<LoadResult> {
  const chains: RefreshChain[] = [];
  for (let lane = 0; lane < command.parallel; lane += 1)
    chains.push(await openChain(to, command.door, personAt(lane)));
  return timed(command, async (_, lane) => chains[lane]?.next());
}

async function timed(
  { count, parallel, maxSeconds }: Load,
  work: (index: number, lane: number) => Promise<void>,
): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const startedAt = performance.now();
  await inParallel(parallel, async (index, lane) => {
    const begunAt = performance.now();
    if (index >= count || begunAt - startedAt > maxSeconds * 1000) return false;
    await work(index, lane);
    milliseconds.push(performance.now() - begunAt);
    return true;
  });
  const seconds = (performance.now() - startedAt) / 1000;
  milliseconds.sort((a, b) => a - b);
  const at = (share: number) => milliseconds[Math.floor(milliseconds.length * share)] ?? Number.NaN;
  return { done: milliseconds.length, seconds, p50: at(0.5), p95: at(0.95) };
}

/** Each lane takes the next number until one is told to stop. */
async function inParallel(
  lanes: number,
  work: (index: number, lane: number) => Promise<boolean>,
): Promise<void> {
  let next = 0;
  const run = async (lane: number) => {
    while (await work(next++, lane)) {
      // the next one
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
}
