import * as openid from 'openid-client';

/** What the app keeps in its own session between the two halves of a sign-in. */
export interface Begun {
  readonly pkceCodeVerifier: string;
  readonly expectedState: string;
  readonly expectedNonce: string;
}

/** Where to send the browser. `prompt: 'login'` asks somebody again who is signed in. */
export async function begin(
  client: openid.Configuration,
  redirectUri: string,
  more: { prompt?: 'login' } = {},
) {
  const begun: Begun = {
    pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    expectedState: openid.randomState(),
    expectedNonce: openid.randomNonce(),
  };
  const url = openid.buildAuthorizationUrl(client, {
    redirect_uri: redirectUri,
    scope: 'openid email vestibule/profile.read',
    code_challenge: await openid.calculatePKCECodeChallenge(begun.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: begun.expectedState,
    nonce: begun.expectedNonce,
    ...more,
  });
  return { url, begun };
}

/** @param callback - the address that the browser came back to, with its query */
export const finish = (client: openid.Configuration, callback: URL, begun: Begun) =>
  openid.authorizationCodeGrant(client, callback, { ...begun, idTokenExpected: true });

/** Revokes the refresh token. Send the browser to the address that this returns, or the next app signs it in again. */
export async function signOut(
  client: openid.Configuration,
  refreshToken: string,
  leaveTo: string,
): Promise<URL> {
  await openid.tokenRevocation(client, refreshToken);
  const url = new URL(client.serverMetadata().end_session_endpoint ?? '');
  url.search = `${new URLSearchParams({ client_id: client.clientMetadata().client_id, logout_uri: leaveTo })}`;
  return url;
}
