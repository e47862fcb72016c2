import type { Clock, SigningKeys } from '../ports.ts';
import { type JwsKind, readJws, signJws } from './compact-jws.ts';

/** A challenge for a passkey that was made before anybody said who signs in. */
export interface PasskeyChallenge {
  /** Makes it single use: the flow that takes it is bound to this id. */
  readonly id: string;
  /** Base64url, as WebAuthn's client data names it. */
  readonly challenge: string;
}

export interface PasskeyChallenges {
  mint(challenge: PasskeyChallenge): Promise<string>;
  /** `undefined` unless signed by us for this, and in time. */
  read(token: string): Promise<PasskeyChallenge | undefined>;
}

/** A page with conditional UI waits for a person; it fetches another one when this is over. */
export const passkeyChallengeSeconds = 300;

const kind: JwsKind = {
  type: 'vestibule-passkey+jwt',
  audience: 'passkey',
  maxLifetimeSeconds: passkeyChallengeSeconds,
};
const id = /^[A-Za-z0-9_-]{22}$/;
const challengeForm = /^[A-Za-z0-9_-]{44}$/;

export const passkeyChallenges = (keys: SigningKeys, clock: Clock): PasskeyChallenges => ({
  mint: (made) => {
    const iat = Math.floor(clock.now() / 1000);
    return signJws(keys, kind, {
      jti: made.id,
      iat,
      exp: iat + passkeyChallengeSeconds,
      chl: made.challenge,
    });
  },
  read: async (token) => {
    const reading = await readJws(keys, kind, clock, token);
    if (reading.status !== 'genuine') return undefined;
    const { jti, chl } = reading.claims;
    const isComplete =
      typeof jti === 'string' && id.test(jti) && typeof chl === 'string' && challengeForm.test(chl);
    return isComplete ? { id: jti, challenge: chl } : undefined;
  },
});
