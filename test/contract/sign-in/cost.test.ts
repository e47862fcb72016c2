import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aroundCalls, type TestDynamo, testDynamo } from '../../support/dynamo-client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { CognitoDriver, codeIn, contextFor, testUser, withContext } from '../../support/sign-in/driver.ts';
import { testSignIn } from '../../support/sign-in/services.ts';

onEachEngine((under) => {
  let client: TestDynamo;
  const spent = { read: 0, write: 0, calls: [] as string[] };
  const reset = () => Object.assign(spent, { read: 0, write: 0, calls: [] });

  beforeAll(() => {
    client = aroundCalls(testDynamo(under.tables.endpoint), async (command, send) => {
      Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
      const output = await send();
      const { ConsumedCapacity } = output as { ConsumedCapacity?: unknown };
      const units = [ConsumedCapacity ?? []]
        .flat()
        .reduce((sum: number, { CapacityUnits = 0 }: { CapacityUnits?: number }) => sum + CapacityUnits, 0);
      const name = command.constructor.name;
      spent[/^(GetItem|Query)/.test(name) ? 'read' : 'write'] += units;
      spent.calls.push(`${name} ${units}`);
      return output;
    });
  });
  afterAll(() => client.destroy());

  describe('cost of a sign-in over the SDK door, over all its triggers', () => {
    it('is at most 1.5 read and 2 write units for a known device, also with a full history', async () => {
      const opened = testSignIn(client);
      const user = testUser();
      for (let index = 0; index < 6; index += 1) {
        const context = withContext(
          await contextFor(opened.services, user, { device: `device ${index}`, network: `network ${index}` }),
        );
        const driver = new CognitoDriver(opened.services, user);
        await driver.password(context);
        await driver.answer('{}', context);
        await driver.answer(codeIn(opened.mails.at(-1)?.text), context);
        opened.clock.advance(60_000);
      }
      const place = { device: 'device 5', network: 'network 5' };
      const context = withContext(await contextFor(opened.services, user, place));
      reset();
      const outcome = await new CognitoDriver(opened.services, user).password(context);
      expect(outcome.state).toBe('tokens');
      expect(spent.calls, spent.calls.join(', ')).toHaveLength(5);
      expect(spent.write).toBeGreaterThan(0);
      expect(spent.read).toBeLessThanOrEqual(1.5);
      expect(spent.write).toBeLessThanOrEqual(2);
    });

    it('keeps the five devices and networks that were used last', async () => {
      const opened = testSignIn(client);
      const user = testUser();
      for (let index = 0; index < 7; index += 1) {
        const context = withContext(await contextFor(opened.services, user, { device: `d${index}` }));
        const driver = new CognitoDriver(opened.services, user);
        await driver.password(context);
        await driver.answer('{}', context);
        await driver.answer(codeIn(opened.mails.at(-1)?.text), context);
        opened.clock.advance(60_000);
      }
      const history = await opened.services.histories.find(user.sub as never, { consistent: true });
      expect(Object.keys(history.devices)).toHaveLength(5);
      const forgotten = withContext(await contextFor(opened.services, user, { device: 'd1' }));
      expect(await new CognitoDriver(opened.services, user).password(forgotten)).toMatchObject({
        state: 'challenge',
      });
    });
  });
});
