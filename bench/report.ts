import { type ColdStart, referenceName } from './cold-start.ts';
import { assumptions, type CountedUse, costOf, total } from './cost-model.ts';
import type { SignInUse } from './costs.ts';
import { floorOperations } from './floor.ts';
import type { Footprint } from './footprint.ts';

import type { Door } from './load/doors.ts';
import type { MethodUse } from './methods/measure.ts';

import { prices } from './prices.ts';
import { decimals, table, verdict } from './table.ts';
import { medianRound, type Round } from './throughput.ts';

const targets = { init: 0.6, floor: 0.6, readUnits: 1.5, writeUnits: 2, memoryMb: 600, built: 15, fresh: 60 };

export function coldStartTable(measured: readonly ColdStart[]): string {
  const reference = measured.find(({ name }) => name === referenceName);
  const ratio = (value: number, of: number | undefined) => decimals(value / (of ?? Number.NaN), 2);
  const rows = measured.map(({ name, bytes, initMs, firstCallMs }) => [
    name,
    bytes,
    decimals(initMs),
    decimals(firstCallMs),
    ratio(initMs, reference?.initMs),
    ratio(initMs + firstCallMs, reference && reference.initMs + reference.firstCallMs),
  ]);
  const signIn = measured.find(({ name }) => name === 'sign-in');
  const reached = (signIn?.initMs ?? Number.NaN) / (reference?.initMs ?? Number.NaN);
  return `${table(
    '(a) Cold start: fresh processes in turn, medians; AWS answered by a local stub',
    ['function', 'bundle bytes', 'init ms', 'first call ms', 'init ÷ ref', 'both ÷ ref'],
    rows,
  )}\n    sign-in init at most ${targets.init} × reference: ${verdict(reached <= targets.init)} (${decimals(reached, 2)})`;
}

export function throughputTable(rounds: readonly Round[]): string {
  const { modularExponentiations, rs256Signatures } = floorOperations;
  return `${doorTable(
    `(b) Sign-ins per second, known device, 8 in parallel; floor: ${modularExponentiations} modular exponentiations and ${rs256Signatures} RS256 signatures on one core`,
    'sign-ins/s',
    rounds,
    { sdk: 'SDK door (context, SRP, triggers)', api: 'API door (POST /v1/sessions)' },
  )}\n    ${floorVerdict(rounds, 'sdk')}; contexts were minted before`;
}

export function mintTable(rounds: readonly Round[]): string {
  return `${doorTable(
    `(b) Refreshes per second, 8 sessions in parallel; floor: ${floorOperations.rs256Signatures} RS256 signatures on one core`,
    'refreshes/s',
    rounds,
    { sdk: 'SDK door (GetTokensFromRefreshToken)', api: 'API door (POST /v1/sessions/refresh)' },
  )}\n    ${floorVerdict(rounds, 'sdk')}\n    ${floorVerdict(rounds, 'api')}`;
}

function doorTable(
  title: string,
  unit: string,
  rounds: readonly Round[],
  names: Record<Door, string>,
): string {
  const rows = (['sdk', 'api'] as const).map((door) => {
    const round = medianRound(rounds, door);
    return [
      names[door],
      decimals(round.perSecond),
      decimals(round.floorPerSecond),
      `${decimals(round.ratio * 100)} %`,
      decimals(round.p50),
      decimals(round.p95),
      decimals(round.cpuMs),
    ];
  });
  return table(title, ['door', unit, 'floor/s', 'of floor', 'p50 ms', 'p95 ms', 'cloud CPU ms'], rows);
}

function floorVerdict(rounds: readonly Round[], door: Door): string {
  const { ratio } = medianRound(rounds, door);
  const met = verdict(ratio >= targets.floor);
  return `${door.toUpperCase()} door at least ${targets.floor * 100} % of the floor: ${met} (${decimals(ratio * 100)} %)`;
}

export function unitTable(uses: readonly SignInUse[]): string {
  const rows = uses.map(({ door, path, inPath, behind, tables }) => [
    `${door}, ${path}`,
    decimals(inPath.readUnits, 2),
    decimals(inPath.writeUnits, 2),
    decimals(behind.readUnits, 2),
    decimals(behind.writeUnits, 2),
    tables.map(({ name, read, write }) => `${name} ${decimals(read)}/${decimals(write)}`).join(' '),
    inPath.invocations.map(({ name, count }) => `${name} ${decimals(count)}`).join(' '),
  ]);
  const fast = uses.filter(({ path }) => path === 'known device');
  const met = fast.every(
    ({ inPath }) => inPath.readUnits <= targets.readUnits && inPath.writeUnits <= targets.writeUnits,
  );
  return `${table(
    '(c) Counted per sign-in: units on the way to the answer, behind it, by table (read/write), and invocations on the way',
    ['door, path', 'RRU', 'WRU', 'RRU behind', 'WRU behind', 'tables', 'invocations'],
    rows,
  )}\n    fast path at most ${targets.readUnits} RRU and ${targets.writeUnits} WRU: ${verdict(met)}`;
}

export function costTables(uses: readonly SignInUse[]): string {
  const columns = uses.flatMap(({ inPath, behind }) => [costOf(inPath), costOf(behind)]);
  const items = columns[0]?.map(({ item }) => item) ?? [];
  const dollars = (value: number) => decimals(value, 2);
  const rows = items.map((item, index) => [
    item,
    ...columns.map((lines) => dollars(lines[index]?.dollarsPerMillion ?? Number.NaN)),
  ]);
  const sums = ['total', ...columns.map((lines) => dollars(total(lines)))];
  const heads = uses.flatMap(({ door, path }) => {
    const short = `${door} ${path === 'known device' ? 'known' : 'code'}`;
    return [short, '+ behind'];
  });
  return `${table('(c) Dollars per million sign-ins, on the way to the answer and behind it', ['item', ...heads], [...rows, sums])}
    modelled: ${assumptions.billedMs} ms billed per call, ${assumptions.logBytesPerInvocation} B of log per call, ${assumptions.eventsPerBatch} events per Firehose record; no fee per active user`;
}

export function methodTable(uses: readonly MethodUse[], runs: number): string {
  const rows = uses.map(({ name, inPath, behind }) => {
    const [dollars, dollarsBehind] = [total(costOf(inPath)), total(costOf(behind))];
    const calls = (use: CountedUse) => use.invocations.reduce((sum, { count }) => sum + count, 0);
    return [
      name,
      ...[inPath, behind].flatMap(({ readUnits, writeUnits }) => [decimals(readUnits), decimals(writeUnits)]),
      inPath.invocations.map((called) => `${called.name} ${decimals(called.count)}`).join(' '),
      decimals(calls(behind)),
      decimals(inPath.restApiRequests),
      decimals(inPath.restApiRequests + inPath.poolRequests),
      decimals(inPath.mails + behind.mails),
      decimals(inPath.texts + behind.texts),
      ...[dollars, dollarsBehind, dollars + dollarsBehind].map((amount) => decimals(amount, 2)),
    ];
  });
  const heads = [
    'RRU',
    'WRU',
    'RRU behind',
    'WRU behind',
    'invocations',
    'behind',
    'API',
    'WAF',
    'mails',
    'texts',
  ];
  return `${table(
    `(e) Counted per use over the Identity API, ${runs} in sequence, sign-ins from new devices; dollars per million`,
    ['method', ...heads, '$', '$ behind', '$ total'],
    rows,
  )}\n    modelled as in (c); a scrypt is ${assumptions.scryptMs} ms of a whole core, a text $ ${prices.text} (Germany)`;
}

export function footprintTable({ fresh, builtSeconds, idleMb, usedMb, signIns }: Footprint): string {
  const row = (name: string, value: number, unit: string, limit?: number) => [
    name,
    `${decimals(value)} ${unit}`,
    limit === undefined ? '' : `${limit} ${unit}`,
    limit === undefined ? '' : verdict(value < limit),
  ];
  return table(
    '(d) npm start',
    ['', 'measured', 'target', ''],
    [
      ...(fresh
        ? [
            row('ready, nothing built', fresh.seconds, 's', targets.fresh),
            row('memory then, idle', fresh.idleMb, 'MB'),
          ]
        : []),
      row('ready, built before', builtSeconds, 's', targets.built),
      row('memory, idle, engine included', idleMb, 'MB'),
      row(`memory after ${signIns} sign-ins`, usedMb, 'MB', targets.memoryMb),
    ],
  );
}
