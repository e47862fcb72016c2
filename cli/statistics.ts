import { Command, InvalidArgumentError, Option } from 'commander';
import { cookieOption, endpointOption, type OperatorOptions, operatorApi } from './operator-api.ts';

interface StatisticsOptions extends Omit<OperatorOptions, 'reason'> {
  readonly from: string;
  readonly to: string;
  readonly step: 'hour' | 'day';
  readonly json?: boolean;
}

interface Statistics {
  readonly families: Readonly<
    Record<string, readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[]>
  >;
  readonly topNetworks: readonly {
    readonly network: string;
    readonly count: number;
    readonly error: number;
    readonly refused: number;
  }[];
}

export const statisticsCommand = (): Command =>
  new Command('statistics')
    .description('What happened in some days of UTC, counted; totals, or every bucket as JSON')
    .requiredOption('--from <day>', 'first day, for example 2026-11-01', readDay)
    .requiredOption('--to <day>', 'last day', readDay)
    .addOption(new Option('--step <step>', 'of the buckets').choices(['hour', 'day']).default('day'))
    .option('--json', 'print everything as JSON')
    .addOption(endpointOption())
    .addOption(cookieOption())
    .action(async (options: StatisticsOptions) => {
      const api = await operatorApi(options);
      const { from, to, step } = options;
      const found = await api.send<Statistics>(
        'GET',
        `/v1/admin/statistics?from=${from}&to=${to}&step=${step}`,
      );
      console.log(options.json ? JSON.stringify(found, null, 2) : shown(found));
    });

function readDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a day, for example 2026-11-22.');
}

const width = 15;

const shown = ({ families, topNetworks }: Statistics): string =>
  [
    ...Object.entries(families).map(([family, buckets]) => `${family.padEnd(width)}${totals(buckets)}`),
    'top networks',
    ...topNetworks.map(
      ({ network, count, error, refused }) =>
        `${''.padEnd(width)}${network} ${count}${error > 0 ? ` (at most ${error} too many)` : ''}, refused ${refused}`,
    ),
  ].join('\n');

function totals(buckets: Statistics['families'][string]): string {
  const sums = new Map<string, number>();
  for (const { counts } of buckets)
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  const raised = [...sums].filter(([, count]) => count > 0);
  return raised.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing';
}
