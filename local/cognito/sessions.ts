import { randomUUID } from 'node:crypto';
import type { Clock, Collection, Store } from '../platform.ts';
import { invalidSession, notAuthorized } from './errors.ts';
import type { Secrets } from './secrets.ts';
import type { ServerEphemeral } from './srp.ts';

/** One entry of the `session` array that Define sees. */
export interface ChallengeResult {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string;
}

export type ChallengeName = 'PASSWORD_VERIFIER' | 'CUSTOM_CHALLENGE' | 'NEW_PASSWORD_REQUIRED';

/** Where a sign-in stands between two calls. The client carries it sealed, so it survives a restart. */
export interface AuthState {
  /** Changes with every round; used once. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly flow: 'SRP' | 'PASSWORD' | 'CUSTOM';
  readonly expects: ChallengeName;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** What the client called the user when it began. */
  readonly typedName: string;
  /** What it was answered as `USERNAME`. */
  readonly publicName: string;
  /** Absent for a user who does not exist and must not be noticed. */
  readonly sub?: string;
  readonly rounds: readonly ChallengeResult[];
  readonly srp?: { readonly server: ServerEphemeral; readonly clientPublic: string };
  readonly challenge?: {
    readonly privateParameters: Readonly<Record<string, string>>;
    readonly metadata?: string;
  };
}

const sweepEvery = 1_000;

/** Seals and opens sign-in states. Opening spends one: of any number of parallel answers exactly one is heard. */
export class AuthSessions {
  private readonly spent: Collection<number>;
  private readonly secrets: Secrets;
  private readonly clock: Clock;
  private sinceSweep = 0;

  constructor(store: Store, secrets: Secrets, clock: Clock) {
    this.spent = store.collection('cognito-spent-sessions');
    this.secrets = secrets;
    this.clock = clock;
  }

  seal(state: Omit<AuthState, 'id'>): string {
    return this.secrets.seal({ ...state, id: randomUUID() });
  }

  /**
   * @returns the state, and when its use is durable
   * @throws AwsError `NotAuthorizedException` when forged, expired, spent, of another client or for another challenge
   */
  spend(sealed: string, clientId: string, answered: string): { state: AuthState; durable: Promise<void> } {
    const state = this.secrets.unseal(sealed) as AuthState | undefined;
    if (!state || state.clientId !== clientId || state.expects !== answered) throw invalidSession();
    if (this.clock.now() >= state.expiresAt) {
      throw notAuthorized('Invalid session for the user, session is expired.');
    }
    if (this.spent.has(state.id)) throw invalidSession();
    const durable = this.spent.set(state.id, state.expiresAt);
    return { state, durable: Promise.all([durable, this.sweep()]).then(() => undefined) };
  }

  private async sweep(): Promise<void> {
    if (++this.sinceSweep < sweepEvery) return;
    this.sinceSweep = 0;
    const now = this.clock.now();
    const expired = Array.from(this.spent.entries()).filter(([, expiresAt]) => expiresAt <= now);
    await Promise.all(expired.map(([id]) => this.spent.delete(id)));
  }
}
