import type { Child } from './child.ts';
import type { Usage } from './cloud/main.ts';
import { median } from './cold-start.ts';
import { type Floor, measureFloor, openFloor, openSignatureFloor } from './floor.ts';
import type { Door } from './load/doors.ts';
import type { LoadCommand, LoadResult } from './load/main.ts';

export interface Round {
  readonly door: Door;
  readonly perSecond: number;
  /** Of this machine in this minute: before and after the round. */
  readonly floorPerSecond: number;
  readonly ratio: number;
  readonly p50: number;
  readonly p95: number;
  /** Processor time of the cloud (server and functions; not the DynamoDB engine) for each, in milliseconds. */
  readonly cpuMs: number;
}

export interface ThroughputOptions {
  readonly rounds: number;
  /** In each round and door. */
  readonly count: number;
  readonly maxSeconds: number;
}

const parallel = 8;
const floorSeconds = 0.5;
const warmUps = 1;

/** Sign-ins of known devices. */
export const measureThroughput = (cloud: Child, load: Child, options: ThroughputOptions) =>
  rounds(cloud, load, openFloor(), 'sign-in', options);

/** New tokens for refresh tokens. */
export const measureTokenMint = (cloud: Child, load: Child, options: ThroughputOptions) =>
  rounds(cloud, load, openSignatureFloor(), 'refresh', options);

/** Rounds of both doors in turn, each between two looks at the floor; what compiles code first is not counted. */
async function rounds(
  cloud: Child,
  load: Child,
  floor: Floor,
  kind: 'sign-in' | 'refresh',
  { rounds: wanted, count, maxSeconds }: ThroughputOptions,
): Promise<readonly Round[]> {
  const counted: Round[] = [];
  for (let round = -warmUps; round < wanted; round += 1) {
    for (const door of ['sdk', 'api'] as const) {
      if (door === 'sdk' && kind === 'sign-in') await load.ask({ kind: 'mint', contexts: count });
      const before = measureFloor(floor, floorSeconds);
      const used = await cloud.ask<Usage>('usage');
      const command = { kind, door, count, parallel, maxSeconds } satisfies LoadCommand;
      const { done, seconds, p50, p95 } = await load.ask<LoadResult>(command);
      const cpuMs = ((await cloud.ask<Usage>('usage')).cpuMs - used.cpuMs) / done;
      const floorPerSecond = (before + measureFloor(floor, floorSeconds)) / 2;
      const perSecond = done / seconds;
      const ratio = perSecond / floorPerSecond;
      if (round >= 0) counted.push({ door, perSecond, floorPerSecond, ratio, p50, p95, cpuMs });
    }
  }
  return counted;
}

/** Each figure's median on its own. */
export function medianRound(rounds: readonly Round[], door: Door): Round {
  const own = rounds.filter((round) => round.door === door);
  const of = (pick: (round: Round) => number) => median(own.map(pick));
  return {
    door,
    perSecond: of((round) => round.perSecond),
    floorPerSecond: of((round) => round.floorPerSecond),
    ratio: of((round) => round.ratio),
    p50: of((round) => round.p50),
    p95: of((round) => round.p95),
    cpuMs: of((round) => round.cpuMs),
  };
}
