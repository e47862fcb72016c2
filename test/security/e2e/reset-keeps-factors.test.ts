import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { subIn } from '../../support/operator.ts';

// security.md, "No limit on factors" and the recovery ladder: who owns the mailbox does not own the further factor
let cloud: RunningCloud;
beforeAll(async () => {
  // The least that the score can do: what is asked for here is asked for whatever the operator set.
  cloud = await openCloud({ parameters: { RiskChallengeAt: '99', RiskMode: 'monitor' } });
});
afterAll(() => cloud?.stop());

type Started = { state: string; challenge?: { method: string; methods: string[] } };

async function enrolTotp(sub: string): Promise<void> {
  const { cloud: local, outputs } = cloud;
  const auth = (local.functions as FunctionRuntime).find('auth-api');
  const client = new DynamoDBClient({
    region: outputs.region,
    endpoint: outputs.endpoints.aws,
    credentials: outputs.credentials,
  });
  const enrolledAt = new Date().toISOString();
  const factor = { kind: 'totp', name: 'Phone', sealedSecret: 'lost', lastStep: 0, enrolledAt };
  await client.send(
    new PutItemCommand({
      TableName: auth?.specification.environment.PROFILES_TABLE,
      Item: marshall({ sub, item: 'factor#totp', ...factor }),
    }),
  );
}

async function reset(owner: Customer): Promise<Customer> {
  await owner.api.expect(202, 'POST', '/v1/password-resets', { identifier: owner.email, locale: 'en' });
  const after = new Customer(cloud.outputs, owner.email);
  after.api.deviceToken = owner.api.deviceToken; // the very device that the account knows
  const code = await owner.mailbox.nextCode(owner.email);
  const body = { identifier: owner.email, code, password: after.password };
  await owner.api.expect(200, 'POST', '/v1/password-resets/confirm', body);
  return after;
}

it('a password reset on a known device still asks for the further factor, and a mailed code is no way around it', async () => {
  const owner = await (await new Customer(cloud.outputs).register()).signIn();
  expect((await owner.startSignIn()).body.state).toBe('signed-in'); // the device is known, the score is low
  await enrolTotp(subIn(owner.api.accessToken));
  const after = await reset(owner);
  const { body } = await after.startSignIn();
  const started = body as unknown as Started;
  expect(started.state).toBe('challenge');
  expect(started.challenge?.method).toBe('totp');
  expect(started.challenge?.methods).not.toContain('email-code');
  expect(started.challenge?.methods).not.toContain('magic-link');
});

it('without a further factor the mailbox is asked for once more, and then no more', async () => {
  const owner = await (await new Customer(cloud.outputs).register()).signIn();
  const after = await reset(owner);
  expect((await after.startSignIn()).body.state).toBe('challenge');
  await after.signIn();
  expect((await after.startSignIn()).body.state).toBe('signed-in');
});
