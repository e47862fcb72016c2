import { passkeyChallengeSeconds } from '../../adapters/passkey-challenges.ts';
import type { RouteHandler } from '../../api/types.ts';
import { passkeyOptions } from '../../core/challenge/passkey-options.ts';
import type { SessionServices } from './services.ts';

/** The same for everybody, so it can be asked for as soon as a page opens. No reads, no writes. */
export const postPasskeyOptions =
  ({
    passkeyChallenges,
    relyingPartyId,
    random,
  }: SessionServices): RouteHandler<'POST /v1/sessions/passkey-options'> =>
  async () => {
    const challenge = `${random.id()}${random.id()}`;
    return {
      status: 200,
      body: {
        options: passkeyOptions(relyingPartyId, challenge, passkeyChallengeSeconds),
        challenge: await passkeyChallenges.mint({ id: random.id(), challenge }),
        expiresInSeconds: passkeyChallengeSeconds,
      },
    };
  };
