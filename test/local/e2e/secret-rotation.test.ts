import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { roundOf, SdkDoor } from '../../support/sdk-door.ts';

let cloud: RunningCloud;
let ada: Customer;
let door: SdkDoor;
let client: SecretsManagerClient;
beforeAll(async () => {
  cloud = await openCloud();
  const { region, endpoints, credentials } = cloud.outputs;
  client = new SecretsManagerClient({ region, endpoint: endpoints.aws, credentials });
  door = new SdkDoor(cloud.outputs);
  ada = await new Customer(cloud.outputs).register();
});
afterAll(() => cloud?.stop());

const functions = () => cloud.cloud.functions as FunctionRuntime;
const found = (name: string) => {
  const { specification } = functions().find(name) ?? {};
  if (!specification) throw new Error(`no function ${name}`);
  return specification;
};
/** Without its environments a function reads its keys again, as after a while without use. */
const cool = (name: string) => functions().register(found(name));
const secretId = () => found('sign-in').environment.SIGNING_SECRET;

/** Waits until the rotation function has done its four steps. @returns the id of the new key */
async function rotate(): Promise<string> {
  const { VersionId = '' } = await client.send(new RotateSecretCommand({ SecretId: secretId() }));
  await expect
    .poll(
      async () => {
        const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: secretId() }));
        return VersionIdsToStages?.[VersionId];
      },
      { timeout: 15_000 },
    )
    .toEqual(['AWSCURRENT']);
  return VersionId;
}

/** How often an unknown key makes a warm function look for new ones: a test that showed one must not cost the next its look. */
const nextLookMs = 11_000;

/** A context that was believed is the one that its flow is named after. */
async function isBelieved(context: string): Promise<boolean> {
  const round = roundOf(await door.password(ada.email, ada.password, { vestibule_context: context }));
  return round.flow === decodeJwt(context).jti;
}

describe('a rotation of the signing secret', () => {
  it('refuses no context: the old key is still accepted, the new one at once, by warm and cold functions', async () => {
    const [warm, spare] = [await door.context(ada.email), await door.context(ada.email)];
    expect(await isBelieved(warm)).toBe(true); // sign-in has read its keys now
    const newKey = await rotate();
    const stillOld = await door.context(ada.email);
    expect(await isBelieved(stillOld)).toBe(true);
    cool('auth-api');
    const signedByNew = await door.context(ada.email);
    expect(decodeProtectedHeader(signedByNew).kid).toBe(newKey);
    expect(decodeProtectedHeader(spare).kid).not.toBe(newKey);
    expect(await isBelieved(signedByNew)).toBe(true);
    cool('sign-in');
    expect(await isBelieved(spare)).toBe(true);
  });

  it('ends the acceptance of a key with the rotation after the next', async () => {
    const context = await door.context(ada.email);
    await rotate();
    await rotate();
    cool('sign-in');
    expect(await isBelieved(context)).toBe(false);
  });

  it('signs nobody out who was signed in before it', async () => {
    cool('auth-api');
    const person = await new Customer(cloud.outputs).register();
    await person.signIn();
    cloud.clock.advance(nextLookMs);
    await rotate();
    cool('auth-api');
    const { refreshToken } = person;
    const { status } = await person.api.send('POST', '/v1/sessions/refresh', { refreshToken });
    expect(status).toBe(200);
  });
});
