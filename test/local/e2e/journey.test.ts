import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { checkArchive } from '../../../scripts/journey/archive.ts';
import { coreJourney } from '../../../scripts/journey/journey.ts';
import { openCloud } from '../../support/cloud.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

describe('the core journey on the synthesized template', () => {
  it('goes through every step over both doors and arrives in the sealed archive', async () => {
    for (const step of coreJourney(cloud.outputs)) {
      await step.run().catch((cause: unknown) => {
        throw new Error(`${step.title}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      });
    }
    expect(await checkArchive(cloud.outputs)).toContain('intact');
  });
});
