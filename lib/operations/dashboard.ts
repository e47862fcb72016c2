import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { deliveryFreshness, matchedEvents, type Watched } from './metrics.ts';

export interface OperationsDashboardProps {
  readonly name: string;
  readonly watched: Watched;
  readonly alarms: Alarms;
}

const period = Duration.minutes(5);
const graph = (title: string, left: cloudwatch.IMetric[], unit?: string): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, left, width: 8, leftYAxis: { min: 0, label: unit, showUnits: false } });

/** One page, from what people feel (top) to what lies behind it. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, watched, alarms }: OperationsDashboardProps) {
    super(scope, id);
    const { api, bus, deniedRule, delivery, tables } = watched;
    const waitedFor = Object.entries({ ...watched.triggers, ...watched.apiFunctions });
    const each = (metric: (fn: (typeof waitedFor)[number][1]) => cloudwatch.Metric) =>
      waitedFor.map(([label, fn]) => metric(fn).with({ label, period }));
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [
          new cloudwatch.AlarmStatusWidget({
            title: 'Alarms',
            alarms: [...alarms.all],
            width: 24,
            height: 4,
          }),
        ],
        [
          graph('API requests', [
            api.metricCount({ period }),
            api.metricClientError({ period }),
            api.metricServerError({ period }),
          ]),
          graph(
            'API time',
            [
              api.metricLatency({ period, statistic: 'p50' }),
              api.metricLatency({ period, statistic: 'p99' }),
            ],
            'ms',
          ),
          graph('Denied sign-ins', [matchedEvents(deniedRule, bus, period)]),
        ],
        [
          graph(
            'Function calls',
            each((fn) => fn.function.metricInvocations()),
          ),
          graph(
            'Function time p99',
            each((fn) => fn.function.metricDuration({ statistic: 'p99' })),
            'ms',
          ),
          graph(
            'Function errors',
            each((fn) => fn.function.metricErrors()),
          ),
        ],
        [
          graph(
            'Audit stream lag',
            [
              watched.background.AuditForwarder.function.metric('IteratorAge', {
                period,
                statistic: 'Maximum',
              }),
            ],
            'ms',
          ),
          graph('Archive freshness', [deliveryFreshness(delivery, period)], 's'),
          graph(
            'Dead letters',
            Object.entries(watched.deadLetters).map(([label, queue]) =>
              queue.metricApproximateNumberOfMessagesVisible({ label, period }),
            ),
          ),
        ],
        [
          graph(
            'Read units',
            Object.entries(tables).map(([label, table]) =>
              table.metricConsumedReadCapacityUnits({ label, period }),
            ),
          ),
          graph(
            'Write units',
            Object.entries(tables).map(([label, table]) =>
              table.metricConsumedWriteCapacityUnits({ label, period }),
            ),
          ),
          graph(
            'Background errors',
            Object.entries({ ...watched.background, ...watched.scheduled }).map(([label, fn]) =>
              fn.function.metricErrors({ label, period }),
            ),
          ),
        ],
      ],
    });
  }
}
