import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Addresses, freshAddress, kinds, makeAddresses } from '../../../bench/enumeration/addresses.ts';
import { unthrottled } from '../../../bench/enumeration/cloud.ts';
import { isTold, measure, post } from '../../../bench/enumeration/measure.ts';
import { questions } from '../../../bench/enumeration/questions.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { IdentityApi } from '../../../scripts/journey/api.ts';
import { readForm, requiredConsents } from '../../../scripts/journey/registration.ts';
import { openCloud } from '../../support/cloud.ts';

// security.md: "Enumeration by text or time"; bench/enumeration/main.ts asks 2,000 times per kind and route
const count = 24;
const uniformAnswerMs = 150;
let cloud: RunningCloud;
let addresses: Addresses;
let consents: readonly object[];
beforeAll(async () => {
  cloud = await openCloud(await unthrottled(uniformAnswerMs));
  const { outputs } = cloud;
  consents = requiredConsents(await readForm(new IdentityApi(outputs.endpoints.identityApi)));
  addresses = await makeAddresses(outputs, count, (call) => post(outputs, call), consents);
  // Environments are there, and code is compiled, before anything is measured.
  for (const question of questions) await measure(outputs, question, addresses, { count: 4, consents });
});
afterEach(() => cloud.faults.clear());
afterAll(() => cloud?.stop());

describe.each(questions)('$route', (question) => {
  // What tells accounts apart does so every time; a busy machine does not.
  it('answers alike and as fast for confirmed, pending and unknown addresses', { retry: 2 }, async () => {
    const { answers, findings } = await measure(cloud.outputs, question, addresses, {
      count,
      consents,
    });
    expect(answers).toHaveLength(1);
    expect(findings.filter(isTold)).toEqual([]);
  });

  it.each([
    { service: 'ses', effect: { kind: 'error', name: 'TooManyRequestsException', status: 429 } },
    { service: 'lambda', operation: 'messages', effect: { kind: 'error', name: 'Error' } },
  ] as const)('answers alike while $service refuses', async (fault) => {
    cloud.faults.add({ ...fault, times: 1_000 });
    const calls = kinds.flatMap((kind) =>
      [0, 1].map((round) => {
        const email = kind === 'unknown' ? freshAddress() : (addresses[kind][round] ?? '');
        return post(cloud.outputs, question.ask(email, kind, consents));
      }),
    );
    const shapes = new Set((await Promise.all(calls)).map(({ shape }) => shape));
    expect([...shapes]).toHaveLength(1);
  });
});
