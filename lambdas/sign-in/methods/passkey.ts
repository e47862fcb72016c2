import { claimOf } from '../../adapters/passkey-assertions.ts';
import { codeNumber } from '../../core/challenge/flow.ts';
import { passkeyOptions } from '../../core/challenge/passkey-options.ts';
import type { Pseudonym, Sub } from '../../core/ids.ts';
import type { Person } from '../person.ts';
import type { SignInServices } from '../services.ts';
import type { MethodRound } from './round.ts';

/**
 * A discoverable passkey with user verification. The options list no credentials, so they say nothing about anybody;
 * their challenge stands in the flow and is replaced with every change of method.
 */
export const passkey: MethodRound = {
  compares: true,
  delivers: false,
  ask: async (services, _person, given) => {
    const { flows, clock, codes, random } = services;
    const number = codeNumber(given);
    const expiresAt = clock.now() + codes.lifetimeSeconds * 1000;
    const challenge = `${random.id()}${random.id()}` as Pseudonym;
    if (given.code?.number !== number) await flows.claimCode(given, { number, hash: challenge, expiresAt });
    const flow = given.code?.number === number ? given : await flows.find(given.id, { consistent: true });
    if (flow?.code?.number !== number) throw new Error('passkey: no challenge stands');
    const options = passkeyOptions(services.passkeys.relyingPartyId, flow.code.hash, codes.lifetimeSeconds);
    return { flow, parameters: { options: JSON.stringify(options) } };
  },
  prove: async (services, person, { code }, text) =>
    code !== undefined && provePasskey(services, person, { credential: text, challenge: code.hash }),
};

/** Whether a passkey of this person answered the challenge. Its counter moves with it, where it has one. */
export async function provePasskey(
  { factors, passkeys, clock }: Pick<SignInServices, 'factors' | 'passkeys' | 'clock'>,
  { account }: Person,
  { credential, challenge }: { readonly credential: string; readonly challenge: string },
): Promise<boolean> {
  const sub = account as string as Sub;
  const claim = credential === '' ? undefined : claimOf(credential);
  const enrolled = (await factors.list(sub)).passkeys.find(({ id }) => id === claim?.id);
  if (!enrolled || (claim?.sub !== undefined && claim.sub !== sub)) return false;
  const counter = await passkeys.verify({ credential, challenge }, enrolled);
  if (counter === undefined) return false;
  return factors.usePasskey(sub, enrolled.id, counter, new Date(clock.now()).toISOString());
}
