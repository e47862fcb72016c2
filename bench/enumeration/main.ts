import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../../local/cloud.ts';
import { IdentityApi } from '../../scripts/journey/api.ts';
import { readForm, requiredConsents } from '../../scripts/journey/registration.ts';
import { makeAddresses } from './addresses.ts';
import { unthrottled } from './cloud.ts';
import { isTold, measure, post } from './measure.ts';
import { questions } from './questions.ts';

/** `tsx bench/enumeration/main.ts [calls per kind and route] [UniformAnswerMs]` */
const [count = 2_000, uniformAnswerMs = 150] = process.argv.slice(2).map(Number);
/** Cognito lets one account ask for a reset 20 times an hour. */
const callsPerAccount = 15;

const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
const { outputs, stop } = await startCloud({
  ...(await unthrottled(uniformAnswerMs)),
  directory,
  ephemeral: true,
});
try {
  const consents = requiredConsents(await readForm(new IdentityApi(outputs.endpoints.identityApi)));
  const accounts = Math.ceil(count / callsPerAccount);
  const addresses = await makeAddresses(outputs, accounts, (call) => post(outputs, call), consents);
  for (const question of questions) {
    const { answers, findings, medianMs } = await measure(outputs, question, addresses, {
      count,
      consents,
    });
    if (answers.length > 1) process.exitCode = 1;
    console.log(`${question.route}: ${answers.length} kind(s) of answer, median ${medianMs.toFixed(1)} ms`);
    for (const finding of findings) {
      if (isTold(finding)) process.exitCode = 1;
      const { kind, gapMs, distance } = finding;
      const verdict = isTold(finding) ? 'TOLD APART' : 'not told apart';
      console.log(
        `  ${kind} against unknown: gap ${gapMs.toFixed(2)} ms, ${distance.toFixed(1)} deviations: ${verdict}`,
      );
    }
  }
} finally {
  await stop();
  await rm(directory, { recursive: true, force: true });
}
