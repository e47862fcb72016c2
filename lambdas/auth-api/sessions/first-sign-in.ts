import type { AddressClaims } from '../../adapters/address-claims.ts';
import type { FirstSignIn } from '../../adapters/cognito-first-sign-in.ts';
import type { CognitoSignIn } from '../../adapters/cognito-sign-in.ts';
import type { IsWaiting } from '../../adapters/waiting-people.ts';
import { CiamError } from '../../core/errors.ts';
import { canonicalIdentifier } from '../../core/identifier.ts';
import { decoyIdentifier } from '../../core/migration/decoy.ts';
import type { Pseudonyms, Random } from '../../ports.ts';

export interface FirstSignInPorts {
  readonly firstSignIn: FirstSignIn;
  readonly isWaiting: IsWaiting;
  /** Where a legacy system is asked about people who were not imported: addresses that have an account here. */
  readonly claims?: AddressClaims;
  readonly pseudonyms: Pseudonyms;
  readonly random: Pick<Random, 'id'>;
}

/**
 * Signing in with a password, for people who may still have theirs elsewhere: SRP never shows a password to Cognito, so
 * a refused one is handed to the migration trigger if its owner waits, and then proven by SRP like any other.
 * Everybody else has the trigger work just as hard under a decoy's name, with a password that is nobody's.
 */
export const withFirstSignIn = (cognito: CognitoSignIn, ports: FirstSignInPorts): CognitoSignIn => ({
  ...cognito,
  startWithPassword: async (username, password, metadata) => {
    try {
      return await cognito.startWithPassword(username, password, metadata);
    } catch (error) {
      if (!isRejection(error) || !(await mayHaveArrived(ports, username, password))) throw error;
      return cognito.startWithPassword(username, password, metadata);
    }
  },
});

const isRejection = (error: unknown): boolean =>
  error instanceof CiamError && error.code === 'SIGN_IN_REJECTED';

async function mayHaveArrived(ports: FirstSignInPorts, username: string, password: string): Promise<boolean> {
  const { firstSignIn, isWaiting, claims, pseudonyms, random } = ports;
  const identifier = canonicalIdentifier(username);
  if (!identifier) return false;
  const address = await pseudonyms.of('identifier', identifier);
  const [waits, owner] = await Promise.all([isWaiting(address), claims?.find(address)]);
  if (waits || (claims && owner === undefined)) {
    return (await firstSignIn.attempt(identifier, password)) === 'there';
  }
  await firstSignIn.attempt(decoyIdentifier(address), random.id());
  return false;
}
