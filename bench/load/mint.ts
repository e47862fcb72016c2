import { IdentityApi } from '../../scripts/journey/api.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { type Door, mintContext, sdkSignIn } from './doors.ts';
import { post } from './http.ts';
import type { Person } from './person.ts';

/** A session whose refresh token is replaced by each use; nobody else may hold it. */
export interface RefreshChain {
  next(): Promise<void>;
}

/** A sign-in from the known device, and then new tokens for as long as they are asked for. */
export const openChain = (outputs: Outputs, door: Door, person: Person): Promise<RefreshChain> =>
  door === 'api' ? apiChain(outputs, person) : sdkChain(outputs, person);

async function apiChain({ endpoints }: Outputs, { email, password, deviceToken }: Person) {
  const api = new IdentityApi(endpoints.identityApi);
  api.deviceToken = deviceToken;
  const signIn = { identifier: email, password };
  const { body } = await api.expect<{ refreshToken: string }>(200, 'POST', '/v1/sessions', signIn);
  const url = new URL(`${endpoints.identityApi}/v1/sessions/refresh`);
  let { refreshToken } = body;
  return {
    next: async () => {
      const answer = await post(url, JSON.stringify({ refreshToken }), {
        'content-type': 'application/json',
      });
      if (answer.status !== 200) throw new Error(`API door: ${answer.status} ${answer.text}`);
      ({ refreshToken } = JSON.parse(answer.text) as { refreshToken: string });
    },
  };
}

async function sdkChain(outputs: Outputs, person: Person) {
  await mintContext(outputs, person, true);
  let token = (await sdkSignIn(outputs)(person, true)).RefreshToken;
  const url = new URL(outputs.endpoints.cognitoIdp);
  const ClientId = outputs.clients.web.id;
  return {
    next: async () => {
      const answer = await post(url, JSON.stringify({ ClientId, RefreshToken: token }), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken',
      });
      if (answer.status !== 200) throw new Error(`SDK door: ${answer.status} ${answer.text}`);
      const { AuthenticationResult } = JSON.parse(answer.text) as {
        AuthenticationResult: { RefreshToken?: string };
      };
      token = AuthenticationResult.RefreshToken ?? token;
    },
  };
}
