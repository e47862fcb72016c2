import type { Child } from './child.ts';
import type { Usage } from './cloud/main.ts';
import { median } from './cold-start.ts';
import { measureFloor, openFloor } from './floor.ts';
import type { Door } from './load/doors.ts';
import type { LoadResult } from './load/main.ts';

export interface Round {
  readonly door: Door;
  readonly perSecond: number;
  /** Of this machine in this minute: before and after the round. */
  readonly floorPerSecond: number;
  readonly ratio: number;
  readonly p50: number;
  readonly p95: number;
  /** Processor time of the cloud (server and functions; not the DynamoDB engine) for one sign-in, in milliseconds. */
  readonly cpuMs: number;
}

export interface ThroughputOptions {
  readonly rounds: number;
  readonly signIns: number;
  readonly maxSeconds: number;
}

const parallel = 8;
const floorSeconds = 0.5;
const warmUps = 1;

/** Rounds of both doors in turn, each between two looks at the floor; what compiles code first is not counted. */
export async function measureThroughput(
  cloud: Child,
  load: Child,
  { rounds, signIns, maxSeconds }: ThroughputOptions,
): Promise<readonly Round[]> {
  const floor = openFloor();
  const counted: Round[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const door of ['sdk', 'api'] as const) {
      if (door === 'sdk') await load.ask({ kind: 'mint', contexts: signIns });
      const before = measureFloor(floor, floorSeconds);
      const used = await cloud.ask<Usage>('usage');
      const result = await load.ask<LoadResult>({
        kind: 'sign-in',
        door,
        count: signIns,
        parallel,
        maxSeconds,
      });
      const cpuMs = ((await cloud.ask<Usage>('usage')).cpuMs - used.cpuMs) / result.done;
      const floorPerSecond = (before + measureFloor(floor, floorSeconds)) / 2;
      const perSecond = result.done / result.seconds;
      const { p50, p95 } = result;
      const measured = {
        door,
        perSecond,
        floorPerSecond,
        ratio: perSecond / floorPerSecond,
        p50,
        p95,
        cpuMs,
      };
      if (round >= 0) counted.push(measured);
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
