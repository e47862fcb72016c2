import { counterKeys } from '../adapters/risk-counters.ts';
import { isGuessable } from '../core/challenge/flow.ts';
import { type Factors, noFactors } from '../core/factor/factor.ts';
import type { Sub } from '../core/ids.ts';
import type { RequestContext } from '../core/risk/context.ts';
import type { ChallengeMethod, DecisionContext, Method } from '../core/risk/decision.ts';
import { owesProof, standingOf } from '../core/risk/history.ts';
import {
  allowedMethods,
  bandOf,
  demandsMethod,
  hasUsableSecondFactor,
  isBanned,
  type MethodFacts,
  type MethodPolicy,
} from '../core/risk/method-policy.ts';
import { type DecisionRecord, recordDecision } from '../core/risk/record.ts';
import type { Person } from './person.ts';
import type { SignInServices } from './services.ts';

export type Facts =
  | { readonly known: RequestContext }
  | { readonly unknown: Extract<DecisionContext['request'], { context: 'unknown' }>['why'] };

export interface Assessment {
  readonly record: DecisionRecord;
  /** The rounds are played and fail: see `Flow.blind`. */
  readonly blind?: true;
  /** The policy takes no password: proving one is never enough by itself. */
  readonly passwordBanned?: true;
}

type AssessServices = Pick<
  SignInServices,
  'clock' | 'risk' | 'codes' | 'histories' | 'counters' | 'factors' | 'methodPolicy'
>;
type Failures = { readonly passwords: number; readonly address?: number; readonly mailCodes: number };

/**
 * Gathers what is known and decides. Costs 0.5 RRU for a known device that is let pass, up to 2 for another one. Only a
 * challenge reads what the person enrolled (1 RRU) and the failures of each method that is offered (0.5 RRU).
 *
 * Failures are looked at only when the device is not known. A right password from a device that this person uses is
 * not stuffing, and a counter that strangers can drive up must not become a weapon that locks its owner out.
 */
export async function assess(
  services: AssessServices,
  person: Person,
  facts: Facts,
  proven: readonly Method[],
): Promise<Assessment> {
  const { risk } = services;
  const known = 'known' in facts ? facts.known : undefined;
  const [policy, history] = await Promise.all([
    services.methodPolicy(person.client),
    services.histories.find(person.account),
  ]);
  const device = standingOf(history.devices, known?.device);
  const failures = device === 'known' ? undefined : await readFailures(services, person, known);
  const demanded = proven.length > 0 && (demandsMethod(policy, known?.level) || owesProof(history));
  const context: DecisionContext = {
    now: services.clock.now(),
    account: {
      exists: person.exists,
      ...(history.lastSignInAt !== undefined && { lastSignInAt: history.lastSignInAt }),
      ...(history.lastProofAt !== undefined && { lastProofAt: history.lastProofAt }),
      recentFailures: failures ? failures.passwords + failures.mailCodes : 0,
    },
    request: requestFacts(facts),
    device,
    network: standingOf(history.networks, known?.network),
    ...(failures?.address !== undefined && { addressFailures: failures.address }),
    proven,
    ...(demanded && { demanded }),
    available: ['email-code'],
  };
  // Whether there is a challenge at all does not depend on what there is to pass it with.
  const first = recordDecision(context, risk);
  const assessment =
    first.decision.outcome === 'challenge'
      ? await offer(services, person, { policy, known, context, failures })
      : { record: first };
  return { ...assessment, ...(isBanned(policy, 'password') && { passwordBanned: true }) };
}

interface Due {
  readonly policy: MethodPolicy;
  readonly known: RequestContext | undefined;
  readonly context: DecisionContext;
  readonly failures: Failures | undefined;
}

/** A challenge is due: with which methods, and whether one of them has had too many wrong answers. */
async function offer(services: AssessServices, person: Person, due: Due): Promise<Assessment> {
  const { policy, known, context } = due;
  const { risk, codes } = services;
  const enrolled = await enrolledMethods(services, person);
  const use =
    known?.audience === 'step-up' ? 'step-up' : context.proven.length === 0 ? 'passwordless' : 'challenge';
  const facts: MethodFacts = {
    enrolled,
    proven: context.proven,
    band: bandOf(recordDecision(context, risk).decision.score, risk),
    ...(known?.level && { level: known.level }),
    use,
  };
  const offered = allowedMethods(policy, facts);
  const counted = due.failures ? offered.filter(isGuessable) : [];
  const wrong = await wrongAnswers(services, person, counted, use === 'passwordless');
  const available = offered.filter((method) => (wrong.get(method) ?? 0) < codes.accountLimit);
  const record = recordDecision({ ...context, available }, risk);
  // An address that nobody proved is not the account's: whoever reads it may be somebody else.
  const isBlind = use === 'passwordless' && (hasUsableSecondFactor(policy, enrolled) || !person.hasMail);
  return { record, ...(isBlind && { blind: true }) };
}

/** What the person could answer with; read for someone unknown too, who must cost the same time. */
export async function enrolledMethods(
  { factors }: Pick<AssessServices, 'factors'>,
  person: Person,
): Promise<readonly ChallengeMethod[]> {
  const listed = await factors.list(person.account as string as Sub);
  return methodsOf(person.exists ? listed : noFactors, person.hasMail);
}

const methodsOf = (
  { passkeys, totp, phone, recoveryCodes }: Factors,
  hasMail: boolean,
): readonly ChallengeMethod[] => [
  ...(passkeys.length > 0 ? (['passkey'] as const) : []),
  ...(totp ? (['totp'] as const) : []),
  ...(phone ? (['sms-code'] as const) : []),
  ...(recoveryCodes && recoveryCodes.hashes.length > 0 ? (['recovery-code'] as const) : []),
  ...(hasMail ? (['email-code', 'magic-link'] as const) : []),
];

async function wrongAnswers(
  { counters }: AssessServices,
  { account }: Person,
  offered: readonly ChallengeMethod[],
  passwordless: boolean,
): Promise<ReadonlyMap<ChallengeMethod, number>> {
  const count = async (method: ChallengeMethod) =>
    [method, await counters.read(counterKeys.codeFailures(account, method, passwordless))] as const;
  return new Map(await Promise.all(offered.map(count)));
}

const requestFacts = (facts: Facts): DecisionContext['request'] =>
  'known' in facts
    ? {
        context: 'known',
        network: facts.known.network,
        ...(facts.known.device && { device: facts.known.device }),
      }
    : { context: 'unknown', why: facts.unknown };

async function readFailures(
  { counters }: AssessServices,
  person: Person,
  known: RequestContext | undefined,
): Promise<Failures> {
  const [passwords, mailCodes, address] = await Promise.all([
    counters.read(counterKeys.identifierFailures(person.identifier)),
    counters.read(counterKeys.codeFailures(person.account, 'email-code')),
    known ? counters.read(counterKeys.addressFailures(known.address)) : undefined,
  ]);
  return { passwords, mailCodes, ...(address !== undefined && { address }) };
}
