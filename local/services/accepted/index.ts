import type {
  Cloud,
  ProvisionedResource,
  ResourceProvider,
  ResourceRequest,
  Service,
} from '../../platform.ts';
import { arnOf, physicalName } from '../arns.ts';

/** Resources that the local cloud knows by name and ARN only. */
export interface AcceptedType {
  readonly type: string;
  /** Why it does nothing here. */
  readonly reason: string;
  readonly provision: (cloud: Cloud, request: ResourceRequest) => ProvisionedResource;
}

const logs = 'lines of functions are captured by the local runtime and shown in the console';
const alarms = 'nothing measures over time here; counted calls are in the meter';
const catalogue = 'there is no Athena here; the archive is files, read by the verifier and any tool';
const notices = 'nobody subscribes on a laptop; what an alarm would send is not raised either';

const named =
  (service: string, property: string, resource: (name: string) => string, ref: 'name' | 'arn' = 'name') =>
  (cloud: Cloud, request: ResourceRequest): ProvisionedResource => {
    const given = request.properties[property];
    const name = typeof given === 'string' ? given : physicalName(request.logicalId, request.suffix);
    const arn = arnOf(cloud, service, resource(name));
    return { physicalId: ref === 'arn' ? arn : name, attributes: { Arn: arn } };
  };

const unnamed = (_: Cloud, request: ResourceRequest): ProvisionedResource => ({
  physicalId: `${request.logicalId}-${request.suffix}`,
  attributes: {},
});

const topic = (cloud: Cloud, request: ResourceRequest): ProvisionedResource => {
  const { physicalId: arn } = named('sns', 'TopicName', (name) => name, 'arn')(cloud, request);
  return { physicalId: arn, attributes: { TopicArn: arn, TopicName: arn.split(':').at(-1) } };
};

/** `Arn` of a log group ends with `:*`, as CloudFormation's does. */
const logGroup = (cloud: Cloud, request: ResourceRequest): ProvisionedResource => {
  const { physicalId } = named('logs', 'LogGroupName', (name) => name)(cloud, request);
  return { physicalId, attributes: { Arn: arnOf(cloud, 'logs', `log-group:${physicalId}:*`) } };
};

const glueTable = (_: Cloud, request: ResourceRequest): ProvisionedResource => {
  const input = request.properties.TableInput as { Name?: string } | undefined;
  return { physicalId: input?.Name ?? request.logicalId.toLowerCase(), attributes: {} };
};

const glueDatabase = (_: Cloud, request: ResourceRequest): ProvisionedResource => {
  const input = request.properties.DatabaseInput as { Name?: string } | undefined;
  return { physicalId: input?.Name ?? request.logicalId.toLowerCase(), attributes: {} };
};

export const acceptedTypes: readonly AcceptedType[] = [
  { type: 'AWS::Logs::LogGroup', reason: logs, provision: logGroup },
  { type: 'AWS::Logs::MetricFilter', reason: logs, provision: unnamed },
  { type: 'AWS::Logs::ResourcePolicy', reason: logs, provision: unnamed },
  { type: 'AWS::Logs::QueryDefinition', reason: logs, provision: unnamed },
  {
    type: 'AWS::CloudWatch::Alarm',
    reason: alarms,
    provision: named('cloudwatch', 'AlarmName', (name) => `alarm:${name}`),
  },
  {
    type: 'AWS::CloudWatch::CompositeAlarm',
    reason: alarms,
    provision: named('cloudwatch', 'AlarmName', (name) => `alarm:${name}`),
  },
  {
    type: 'AWS::CloudWatch::Dashboard',
    reason: alarms,
    provision: named('cloudwatch', 'DashboardName', (name) => `dashboard/${name}`),
  },
  { type: 'AWS::Glue::Database', reason: catalogue, provision: glueDatabase },
  { type: 'AWS::Glue::Table', reason: catalogue, provision: glueTable },
  { type: 'AWS::SNS::Topic', reason: notices, provision: topic },
  { type: 'AWS::SNS::TopicPolicy', reason: notices, provision: unnamed },
  { type: 'AWS::SNS::Subscription', reason: notices, provision: unnamed },
  { type: 'AWS::CDK::Metadata', reason: 'usage statistics of the CDK', provision: unnamed },
];

/** No API: a call to one of these services is answered as unknown, nothing pretends to have logged or alarmed. */
export const acceptedService = (cloud: Cloud): Service => ({
  name: 'accepted',
  providers: acceptedTypes.map(
    ({ type, provision }): ResourceProvider => ({
      type,
      provision: async (request) => provision(cloud, request),
    }),
  ),
});
