import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FaultRule } from '../../../local/platform.ts';
import { readForm, register } from '../../../scripts/journey/registration.ts';
import { coldFunctions, openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.faults.clear());
afterAll(() => cloud?.stop());

const error = (service: string, name: string, status = 400): FaultRule => ({
  service,
  effect: { kind: 'error', name, status },
  times: 10_000,
});

it.each([
  ['DynamoDB throttles', error('dynamodb', 'ProvisionedThroughputExceededException')],
  ['DynamoDB is broken', error('dynamodb', 'InternalServerError', 500)],
  ['Secrets Manager is broken', error('secretsmanager', 'InternalServiceError', 500)],
  ['Cognito throttles', error('cognito-idp', 'TooManyRequestsException')],
])('while %s, a registration is told to come back later, and works when it does', async (_, fault) => {
  const { api, email, password } = new Customer(cloud.outputs);
  const form = await readForm(api);
  coldFunctions(cloud);
  cloud.faults.add(fault);
  const refused = await register(api, { email, password }, form).catch((thrown: unknown) => thrown);
  expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE', status: 503 } });
  cloud.faults.clear();
  const { email: other } = new Customer(cloud.outputs);
  await expect(register(api, { email: other, password }, form)).resolves.toBeDefined();
});
