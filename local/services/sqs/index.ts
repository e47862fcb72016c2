import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { arnOf, physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { jsonApi } from '../json-api.ts';
import { queueUrl, sqsOperations } from './operations.ts';
import { allowsService, type ServiceSender } from './policy.ts';
import { type Message, type NewMessage, Queues } from './queues.ts';

export { systemAttributes } from './operations.ts';
export type { Message } from './queues.ts';

/** What other services of the cloud do with queues, without HTTP. Queues are named by ARN. */
export interface SqsService extends Service {
  send(queueArn: string, message: NewMessage): Promise<string>;
  receive(queueArn: string, limit: number): Promise<readonly Message[]>;
  delete(queueArn: string, receipt: string): Promise<void>;
  /** Makes a received message visible again at once. */
  release(queueArn: string, receipt: string): Promise<void>;
  /** @returns ends the watch */
  onArrival(queueArn: string, wake: () => void): () => void;
  /** Whether the queue's policy lets an AWS service send. */
  allowsService(sender: ServiceSender): boolean;
}

export function sqsService(cloud: Cloud): SqsService {
  const queues = new Queues(cloud);
  const policies = new Map<string, unknown[]>();
  return {
    name: 'sqs',
    providers: [queueProvider(cloud, queues), policyProvider(policies)],
    api: jsonApi('sqs', sqsOperations(cloud, queues), {
      contentType: 'application/x-amz-json-1.0',
      invalid: 'InvalidParameterValue',
    }),
    send: (arn, message) => queues.send(queues.find(arn), message),
    receive: (arn, limit) => queues.receive(queues.find(arn), limit),
    delete: (arn, receipt) => queues.delete(queues.find(arn), receipt),
    release: (arn, receipt) => queues.changeVisibility(queues.find(arn), receipt, 0),
    onArrival: (arn, wake) => queues.onArrival(queues.find(arn), wake),
    allowsService: (sender) =>
      (policies.get(queues.find(sender.queueArn).name) ?? []).some((policy) => allowsService(policy, sender)),
  };
}

const queueProvider = (cloud: Cloud, queues: Queues): ResourceProvider => ({
  type: 'AWS::SQS::Queue',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    if (properties.flag('FifoQueue')) {
      throw new AwsError(
        'UnsupportedResource',
        `${request.logicalId}: FIFO queues are not implemented locally`,
      );
    }
    const name = properties.optionalText('QueueName') ?? physicalName(request.logicalId, request.suffix);
    const arn = arnOf(cloud, 'sqs', name);
    const seconds = (property: string, max: number, otherwise: number) =>
      properties.integer(property, { min: 0, max, default: otherwise });
    const redrive = properties.optionalObject('RedrivePolicy');
    const keyArn = properties.optionalText('KmsMasterKeyId');
    await queues.create({
      name,
      arn,
      visibilitySeconds: seconds('VisibilityTimeout', 43_200, 30),
      retentionSeconds: seconds('MessageRetentionPeriod', 1_209_600, 345_600),
      delaySeconds: seconds('DelaySeconds', 900, 0),
      waitSeconds: seconds('ReceiveMessageWaitTimeSeconds', 20, 0),
      ...(keyArn && { keyArn }),
      ...(redrive && {
        redrive: {
          deadLetterArn: redrive.text('deadLetterTargetArn'),
          maxReceiveCount: redrive.integer('maxReceiveCount', { min: 1, max: 1_000, default: 10 }),
        },
      }),
    });
    const url = queueUrl(cloud, name);
    return { physicalId: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
});

/** Policies live as long as the process: they come from the template at every start. */
const policyProvider = (policies: Map<string, unknown[]>): ResourceProvider => ({
  type: 'AWS::SQS::QueuePolicy',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    for (const url of properties.texts('Queues')) {
      const name = url.split('/').at(-1) ?? url;
      policies.set(name, [...(policies.get(name) ?? []), properties.values.PolicyDocument]);
    }
    return { physicalId: `${request.logicalId}-${request.suffix}`, attributes: { Id: request.logicalId } };
  },
});
