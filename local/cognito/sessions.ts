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

export type ChallengeName =
  | 'PASSWORD_VERIFIER'
  | 'CUSTOM_CHALLENGE'
  | 'NEW_PASSWORD_REQUIRED'
  | 'SELECT_CHALLENGE'
  | 'PASSWORD'
  | 'PASSWORD_SRP'
  | 'EMAIL_OTP'
  | 'SMS_OTP'
  | 'WEB_AUTHN'
  | 'SMS_MFA'
  | 'SOFTWARE_TOKEN_MFA'
  | 'SELECT_MFA_TYPE'
  | 'MFA_SETUP'
  | 'DEVICE_SRP_AUTH'
  | 'DEVICE_PASSWORD_VERIFIER';

/** What a session waits for: a challenge's answer, or a step of the sign-up that goes on as a sign-in. */
export type Awaited = ChallengeName | 'CONFIRMATION' | 'FIRST_SIGN_IN';

/** Where a sign-in stands between two calls. The client carries it sealed, so it survives a restart. */
export interface AuthState {
  /** Changes with every round; used once. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly flow: 'SRP' | 'PASSWORD' | 'CUSTOM' | 'USER_AUTH';
  readonly expects: Awaited;
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
  /** What may be chosen, in a challenge that asks for a choice. */
  readonly offers?: readonly string[];
  /** A code that was sent; absent for someone to whom none can be sent. */
  readonly code?: { readonly digest: string; readonly salt: string; readonly attribute: string };
  /** Whether an EMAIL_OTP comes after a password. */
  readonly isSecondFactor?: boolean;
  readonly passkeyChallenge?: string;
  /** An authenticator app that is being set up on the way in. */
  readonly setup?: {
    readonly secret: string;
    /** Time step of the code that proved it. */
    readonly step?: number;
    readonly name?: string;
  };
  readonly deviceKey?: string;
  /** Whose token generation it will be, where that is not the plain sign-in's. */
  readonly source?: 'NewPasswordChallenge';
}

export type NewAuthState = Omit<AuthState, 'id'>;

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

  seal(state: NewAuthState): string {
    return this.secrets.seal({ ...state, id: randomUUID() });
  }

  /**
   * @returns the state, and when its use is durable
   * @throws AwsError `NotAuthorizedException` when forged, expired, spent, of another client or for another challenge
   */
  spend(sealed: string, clientId: string, answered: string): { state: AuthState; durable: Promise<void> } {
    const state = this.open(sealed, clientId, answered);
    return { state, durable: this.close(state) };
  }

  /** Reads a state without spending it: a wrong one-time code may be corrected. */
  open(sealed: string, clientId: string | undefined, answered: string): AuthState {
    const state = this.secrets.unseal(sealed) as AuthState | undefined;
    if (!state || state.expects !== answered) throw invalidSession();
    if (clientId !== undefined && state.clientId !== clientId) throw invalidSession();
    if (this.clock.now() >= state.expiresAt) {
      throw notAuthorized('Invalid session for the user, session is expired.');
    }
    if (this.spent.has(state.id)) throw invalidSession();
    return state;
  }

  /** Spends a state that was opened; of two that try, one is refused. @returns when it is durable */
  async close(state: AuthState): Promise<void> {
    if (this.spent.has(state.id)) throw invalidSession();
    await Promise.all([this.spent.set(state.id, state.expiresAt), this.sweep()]);
  }

  private async sweep(): Promise<void> {
    if (++this.sinceSweep < sweepEvery) return;
    this.sinceSweep = 0;
    const now = this.clock.now();
    const expired = Array.from(this.spent.entries()).filter(([, expiresAt]) => expiresAt <= now);
    await Promise.all(expired.map(([id]) => this.spent.delete(id)));
  }
}
