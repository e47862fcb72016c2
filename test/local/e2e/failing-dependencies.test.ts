import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FaultRule } from '../../../local/platform.ts';
import { coldFunctions, openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.faults.clear());
afterAll(() => cloud?.stop());

const always = 10_000;
const broken: readonly { dependency: string; fault: FaultRule }[] = [
  {
    dependency: 'DynamoDB refuses',
    fault: { service: 'dynamodb', effect: { kind: 'error', name: 'InternalServerError', status: 500 } },
  },
  {
    dependency: 'DynamoDB throttles',
    fault: { service: 'dynamodb', effect: { kind: 'error', name: 'ProvisionedThroughputExceededException' } },
  },
  { dependency: 'DynamoDB answers garbage', fault: { service: 'dynamodb', effect: { kind: 'garbage' } } },
  {
    dependency: 'Secrets Manager refuses',
    fault: {
      service: 'secretsmanager',
      effect: { kind: 'error', name: 'InternalServiceError', status: 500 },
    },
  },
  {
    dependency: 'the sign-in function throws',
    fault: { service: 'lambda', operation: 'sign-in', effect: { kind: 'error', name: 'Error' } },
  },
  {
    dependency: 'the sign-in function is throttled',
    fault: {
      service: 'lambda',
      operation: 'sign-in',
      effect: { kind: 'error', name: 'TooManyRequestsException' },
    },
  },
  {
    dependency: 'the sign-in function answers garbage',
    fault: { service: 'lambda', operation: 'sign-in', effect: { kind: 'garbage' } },
  },
  {
    dependency: 'Cognito refuses',
    fault: { service: 'cognito-idp', effect: { kind: 'error', name: 'InternalErrorException', status: 500 } },
  },
];

describe.each(['a new', 'a known'] as const)('a sign-in from %s device', (kind) => {
  it.each(broken)('gets no tokens while $dependency, and works again afterwards', async ({ fault }) => {
    const customer = await new Customer(cloud.outputs).register();
    if (kind === 'a known') await customer.signIn();
    coldFunctions(cloud);
    cloud.faults.add({ ...fault, times: always });
    const answer = await customer.startSignIn();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).not.toMatch(/accessToken|Exception|dynamodb/i);
    cloud.faults.clear();
    await expect(customer.signIn()).resolves.toBe(customer);
  });
});

describe('a challenge', () => {
  it('is not passed and not sent twice while SES refuses, and works again afterwards', async () => {
    const customer = await new Customer(cloud.outputs).register();
    cloud.faults.add({
      service: 'ses',
      effect: { kind: 'error', name: 'TooManyRequestsException', status: 429 },
      times: always,
    });
    expect((await customer.startSignIn()).status).toBeGreaterThanOrEqual(400);
    cloud.faults.clear();
    await expect(customer.signIn()).resolves.toBe(customer);
  });

  it('is not passed by the right code while the risk store is down', async () => {
    const customer = await new Customer(cloud.outputs).register();
    const started = await customer.startSignIn();
    if (started.body.state !== 'challenge') throw new Error('a new device got tokens');
    const code = await customer.mailbox.nextCode(customer.email);
    cloud.faults.add({
      service: 'dynamodb',
      effect: { kind: 'error', name: 'InternalServerError', status: 500 },
      times: always,
    });
    const answer = await customer.answer(started.body.flow, code);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('accessToken');
  });
});
