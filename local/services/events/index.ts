import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { arnOf, nameOf, physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { jsonApi } from '../json-api.ts';
import { type Rule, readPattern, readTargets } from './bus.ts';
import { Deliveries } from './deliveries.ts';
import { busOf, putEvents } from './put-events.ts';
import { compileSchedule } from './schedule.ts';
import { Scheduler } from './scheduler.ts';

const defaultBus = 'default';

export function eventBridgeService(cloud: Cloud): Service {
  const buses = new Set([defaultBus]);
  const rules = new Map<string, Rule>();
  const deliveries = new Deliveries(cloud, (arn) => rules.get(arn));
  const scheduler = new Scheduler(cloud, rules, deliveries);
  const parts = { cloud, rules, deliveries, hasBus: (name: string) => buses.has(name) };
  const busArn = (name: string) => arnOf(cloud, 'events', `event-bus/${name}`);
  return {
    name: 'events',
    providers: [busProvider(cloud, buses), ruleProvider(cloud, rules), busPolicyProvider],
    api: jsonApi('events', {
      PutEvents: {
        needs: (input) =>
          input.objects('Entries').map((entry) => ({
            action: 'events:PutEvents',
            resource: busArn(busOf(entry)),
            context: {
              'events:source': entry.optionalText('Source') ?? '',
              'events:detail-type': entry.optionalText('DetailType') ?? '',
            },
          })),
        handle: (input) => putEvents(parts, input),
      },
    }),
    ready: async () => {
      deliveries.start();
      await scheduler.start();
    },
    stop: async () => {
      await scheduler.stop();
      await deliveries.stop();
    },
  };
}

const busProvider = (cloud: Cloud, buses: Set<string>): ResourceProvider => ({
  type: 'AWS::Events::EventBus',
  provision: async (request) => {
    const name = new Fields(request.properties).text('Name');
    buses.add(name);
    return { physicalId: name, attributes: { Arn: arnOf(cloud, 'events', `event-bus/${name}`), Name: name } };
  },
});

const ruleProvider = (cloud: Cloud, rules: Map<string, Rule>): ResourceProvider => ({
  type: 'AWS::Events::Rule',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const pattern = properties.optionalObject('EventPattern');
    const schedule = properties.optionalText('ScheduleExpression');
    const bus = nameOf(properties.optionalText('EventBusName') ?? defaultBus);
    if (!pattern && !schedule) {
      throw new AwsError(
        'ValidationException',
        `${request.logicalId}: expected EventPattern or ScheduleExpression`,
      );
    }
    if (schedule && bus !== defaultBus) {
      throw new AwsError(
        'ValidationException',
        `${request.logicalId}: ScheduleExpression is supported only on the default event bus.`,
      );
    }
    const name = properties.optionalText('Name') ?? physicalName(request.logicalId, request.suffix, 64);
    const arn = arnOf(cloud, 'events', `rule/${bus === defaultBus ? '' : `${bus}/`}${name}`);
    rules.set(arn, {
      name,
      arn,
      bus,
      enabled: properties.optionalText('State') !== 'DISABLED',
      matches: pattern ? readPattern(pattern.values) : () => false,
      ...(schedule && { schedule: compileSchedule(schedule) }),
      targets: readTargets(properties, request.logicalId),
    });
    return { physicalId: bus === defaultBus ? name : `${bus}|${name}`, attributes: { Arn: arn } };
  },
});

/** Lets other accounts send; there are none here. */
const busPolicyProvider: ResourceProvider = {
  type: 'AWS::Events::EventBusPolicy',
  provision: async (request) => ({ physicalId: `${request.logicalId}-${request.suffix}`, attributes: {} }),
};
