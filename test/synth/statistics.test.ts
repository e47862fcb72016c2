import { describe, expect, it } from 'vitest';
import { countedEvents } from '../../lambdas/tables.ts';
import { functionNamed, ofType, synthesize } from '../support/synth.ts';

const dev = synthesize();
const properties = (type: string, idPart: string) => {
  const found = ofType(dev, type).find(([id]) => id.startsWith(idPart));
  if (!found) throw new Error(`no ${type} ${idPart}`);
  return found[1].Properties;
};

describe('the queue of events to count', () => {
  const queue = properties('AWS::SQS::Queue', 'IdentityStatisticsQueue');

  it('gets exactly the counted events, as they are, and nothing is lost on the way', () => {
    const rule = properties('AWS::Events::Rule', 'IdentityStatisticsCounted');
    expect(rule.EventPattern).toEqual({ source: ['vestibule'], 'detail-type': [...countedEvents] });
    // AWS: 2048 characters at the most
    expect(JSON.stringify(rule.EventPattern).length).toBeLessThan(2_048);
    expect(rule.Targets).toMatchObject([
      {
        InputPath: '$.detail',
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [expect.stringContaining('StatisticsDeadLetters'), 'Arn'] },
        },
      },
    ]);
  });

  it('hides a batch for six times as long as the function may take, and gives up after five tries', () => {
    const { Timeout } = functionNamed(dev, 'statistics')[1].Properties as { Timeout: number };
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 });
  });

  it('is read in large batches by two at the most, and a bad event comes back alone', () => {
    const mapping = ofType(dev, 'AWS::Lambda::EventSourceMapping')
      .map(([, resource]) => resource.Properties)
      .find(({ EventSourceArn }) => JSON.stringify(EventSourceArn).includes('StatisticsQueue'));
    expect(mapping).toMatchObject({
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});
