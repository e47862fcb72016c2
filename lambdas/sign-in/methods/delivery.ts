import { codeNumber, type Flow, isInVain, isPasswordless, type SentCode } from '../../core/challenge/flow.ts';
import type { ChallengeMethod } from '../../core/risk/decision.ts';
import { codeHash } from '../code-hash.ts';
import { flowEvent } from '../events.ts';
import type { Person } from '../person.ts';
import type { SignInServices } from '../services.ts';
import type { Parameters } from './round.ts';

export interface Delivery {
  readonly method: ChallengeMethod;
  makeSecret(): string;
  /** Hands it over. Not called for somebody without account: everything but the message is the same. */
  send(secret: string): Promise<'sent' | 'refused'>;
  /** Asked after the sending was claimed, so that a repeated trigger asks once. @returns why it must not be sent */
  refusal?(): Promise<string | undefined>;
}

/**
 * One secret and one message per number: whoever comes later (a repeated trigger, the next attempt) finds it.
 * @returns the flow as it stands then; the method is among its `refused` ones when nothing was sent
 */
export async function deliver(
  services: SignInServices,
  person: Person,
  flow: Flow,
  delivery: Delivery,
): Promise<Flow> {
  const number = codeNumber(flow);
  if (flow.code?.number === number || flow.refused.includes(delivery.method)) return flow;
  await sendOnce(services, person, flow, delivery);
  const current = await services.flows.find(flow.id, { consistent: true });
  const isSettled = current?.code?.number === number || current?.refused.includes(delivery.method);
  if (!current || !isSettled) throw new Error('code: claimed elsewhere and taken back');
  return current;
}

/**
 * Random secret, stored as keyed hash by the conditional write that claims the sending. A secret derived from a key would
 * need no write, but then one leaked key would be every code; and the claim is needed anyway to send one message only.
 */
async function sendOnce(
  services: SignInServices,
  person: Person,
  flow: Flow,
  delivery: Delivery,
): Promise<void> {
  const { clock, codes, flows, pseudonyms } = services;
  const { method } = delivery;
  const secret = delivery.makeSecret();
  const number = codeNumber(flow);
  const hash = await codeHash(pseudonyms, flow, method, number, secret);
  const code: SentCode = { number, hash, expiresAt: clock.now() + codes.lifetimeSeconds * 1000 };
  const event = (outcome: 'success' | 'failure' | 'refused', reasons: readonly string[]) =>
    flowEvent(
      person,
      flow,
      clock.now(),
      { type: 'sign-in.code-sent', outcome, reasons, data: { method } },
      outcome === 'refused' ? `${number} ${hash} refused` : `${number} ${hash}`,
    );
  const isOurs = await flows.claimCode(
    flow,
    code,
    event('success', person.exists ? [] : ['ACCOUNT_UNKNOWN']),
  );
  if (!isOurs) return;
  const refusal = await delivery.refusal?.();
  if (refusal) return flows.refuseMethod(flow, method, event('refused', [refusal]));
  try {
    const isSent = !person.exists || isInVain(flow, method) || (await delivery.send(secret)) === 'sent';
    if (!isSent) await flows.refuseMethod(flow, method, event('refused', ['MESSAGE_REFUSED']));
  } catch (error) {
    await flows.releaseCode(flow, code, event('failure', ['MESSAGE_NOT_SENT']));
    // Nobody has proven anything: an error that only somebody with an account can get would say that there is one.
    if (!isPasswordless(flow) || !(await flows.claimCode(flow, code))) throw error;
  }
}

/** What a client shows beside the field for the code. */
export const deliveryParameters = (
  { clock, codes }: SignInServices,
  flow: Flow,
  destination: string,
): Parameters => ({
  destination,
  expiresInSeconds: `${Math.max(0, Math.floor(((flow.code?.expiresAt ?? 0) - clock.now()) / 1000))}`,
  resendsLeft: `${Math.max(0, codes.resends - flow.resends)}`,
});
