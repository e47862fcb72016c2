import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { checkArchive, readSealedArchive } from '../../../scripts/journey/archive.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

describe.each([2, 3])('every trigger delivered %i times', (deliveries) => {
  let cloud: RunningCloud;
  beforeAll(async () => {
    cloud = await openCloud();
    for (const operation of ['registration', 'sign-in', 'messages']) {
      cloud.faults.add({
        service: 'lambda',
        operation,
        effect: { kind: 'duplicate', deliveries },
        times: 10_000,
      });
    }
  });
  afterAll(() => cloud?.stop());

  it('sends one mail per step, registers once and signs in once', async () => {
    const customer = await new Customer(cloud.outputs).register();
    await customer.signIn();
    await customer.signIn();
    const mails = await customer.mailbox.list(customer.email);
    const codes = mails.filter((mail) => /code|confirm/i.test(mail.subject));
    expect(codes).toHaveLength(2);

    const counted = async () => {
      const { body } = await customer.api.expect<{ events: { type: string }[] }>(
        200,
        'GET',
        '/v1/me/activity',
      );
      const count = (type: string) => body.events.filter((event) => event.type === type).length;
      return [count('registration.confirmed'), count('sign-in.challenged'), count('sign-in.succeeded')];
    };
    // Sign-ins reach the recent activity behind their answer; the archive test below sees what comes too often.
    await vi.waitFor(async () => expect(await counted()).toEqual([1, 1, 2]), 10_000);
  });

  it('archives each event once', async () => {
    await checkArchive(cloud.outputs, 5);
    // An event that comes meanwhile moves the head before its file is there; one that came twice stays a problem.
    const problems = async () => (await readSealedArchive(cloud.outputs)).problems;
    await expect.poll(problems, { timeout: 15_000 }).toEqual([]);
  });
});
