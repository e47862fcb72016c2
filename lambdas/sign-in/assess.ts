import { counterKeys } from '../adapters/risk-counters.ts';
import type { RequestContext } from '../core/risk/context.ts';
import type { DecisionContext } from '../core/risk/decision.ts';
import { standingOf } from '../core/risk/history.ts';
import { type DecisionRecord, recordDecision } from '../core/risk/record.ts';
import type { Person } from './person.ts';
import type { SignInServices } from './services.ts';

export type Facts =
  | { readonly known: RequestContext }
  | { readonly unknown: Extract<DecisionContext['request'], { context: 'unknown' }>['why'] };

type AssessServices = Pick<SignInServices, 'clock' | 'risk' | 'codes' | 'histories' | 'counters'>;

/**
 * Gathers what is known and decides. Costs 0.5 RRU for a known device, up to 2 otherwise.
 *
 * Failures are looked at only when the device is not known. A right password from a device that this person uses is
 * not stuffing, and a counter that strangers can drive up must not become a weapon that locks its owner out.
 */
export async function assess(
  services: AssessServices,
  person: Person,
  facts: Facts,
): Promise<DecisionRecord> {
  const { clock, risk, codes, histories } = services;
  const history = await histories.find(person.account);
  const known = 'known' in facts ? facts.known : undefined;
  const device = standingOf(history.devices, known?.device);
  const failures = device === 'known' ? undefined : await readFailures(services, person, known);
  const isCodeBlocked = failures !== undefined && failures.codes >= codes.accountLimit;
  return recordDecision(
    {
      now: clock.now(),
      account: {
        exists: person.exists,
        ...(history.lastSignInAt !== undefined && { lastSignInAt: history.lastSignInAt }),
        ...(history.lastProofAt !== undefined && { lastProofAt: history.lastProofAt }),
        recentFailures: failures ? failures.passwords + failures.codes : 0,
      },
      request: requestFacts(facts),
      device,
      network: standingOf(history.networks, known?.network),
      ...(failures?.address !== undefined && { addressFailures: failures.address }),
      proven: ['password'],
      available: isCodeBlocked ? [] : person.available,
    },
    risk,
  );
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
): Promise<{ passwords: number; codes: number; address?: number }> {
  const [passwords, codes, address] = await Promise.all([
    counters.read(counterKeys.identifierFailures(person.identifier)),
    counters.read(counterKeys.codeFailures(person.account, 'email-code')),
    known ? counters.read(counterKeys.addressFailures(known.address)) : undefined,
  ]);
  return { passwords, codes, ...(address !== undefined && { address }) };
}
