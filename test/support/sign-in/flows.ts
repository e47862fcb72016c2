import type { AnswerClaim } from '../../../lambdas/adapters/flows.ts';
import { systemRandom } from '../../../lambdas/adapters/system.ts';
import type { AccountKey, Flow, FlowStart, SentCode } from '../../../lambdas/core/challenge/flow.ts';
import type { FlowId, Pseudonym } from '../../../lambdas/core/ids.ts';
import { recordDecision } from '../../../lambdas/core/risk/record.ts';
import { readSignInEnv, riskPolicy } from '../../../lambdas/sign-in/env.ts';
import { testClock, testEnv } from './services.ts';

const lifetimeMs = 300_000;

export const anAccount = (): AccountKey => systemRandom.id() as AccountKey;

/** The beginning of a sign-in from a new device at the start of a test clock, which is challenged. */
export function aFlow(changes: Partial<FlowStart> = {}): FlowStart {
  const now = changes.createdAt ?? testClock().now();
  return {
    id: systemRandom.id() as FlowId,
    account: anAccount(),
    client: 'web',
    door: 'api',
    createdAt: now,
    record: recordDecision(
      {
        now,
        account: { exists: true, recentFailures: 0 },
        request: { context: 'known', network: 'network' as Pseudonym, device: 'device' as Pseudonym },
        device: 'new',
        network: 'new',
        proven: ['password'],
        available: ['email-code'],
      },
      riskPolicy(readSignInEnv(testEnv)),
    ),
    ...changes,
  };
}

export const aCode = (now: number, number = 0): SentCode => ({
  number,
  hash: `code-${number}` as Pseudonym,
  expiresAt: now + lifetimeMs,
});

/** An answer to the code that stands, in the next round and within every limit. */
export const aClaim = (flow: Flow, changes: Partial<AnswerClaim> = {}): AnswerClaim => ({
  flow,
  code: flow.code ?? aCode(flow.createdAt),
  method: flow.method ?? 'email-code',
  round: flow.round + 1,
  answer: 'answer' as Pseudonym,
  attempts: 3,
  accountLimit: 10,
  ...changes,
});
