import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';

/** Options of WebAuthn as JSON, and what the authenticator answers to them. */
export type UsePasskey = (options: { challenge: string; rpId?: string }) => Promise<object>;

/** Signs in by passkey instead of a password: CUSTOM_AUTH, `begin`, `passkey`. */
export async function signInByPasskey(
  cognito: CognitoIdentityProviderClient,
  { api, clientId, usePasskey }: { api: string; clientId: string; usePasskey: UsePasskey },
  identifier: string,
) {
  const minted = await fetch(`${api}/v1/contexts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' }, // and x-vestibule-device, once you were given a token
    body: JSON.stringify({ identifier }),
  });
  const { context } = (await minted.json()) as { context: string };
  const ClientMetadata = { vestibule_context: context };
  let round = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'CUSTOM_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: identifier },
    }),
  );
  while (round.ChallengeName === 'CUSTOM_CHALLENGE') {
    const { step, options = '{}', USERNAME = '' } = round.ChallengeParameters ?? {};
    const answer =
      step === 'begin'
        ? { context, method: 'passkey' }
        : { credential: await usePasskey(JSON.parse(options)) };
    round = await cognito.send(
      new RespondToAuthChallengeCommand({
        ChallengeName: 'CUSTOM_CHALLENGE',
        ClientId: clientId,
        Session: round.Session,
        ChallengeResponses: { USERNAME, ANSWER: JSON.stringify(answer) },
        ClientMetadata,
      }),
    );
  }
  return round.AuthenticationResult;
}
