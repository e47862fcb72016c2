import type { Sub } from '../../lambdas/core/ids.ts';
import { aSub } from './account.ts';
import { type AccountRoute, type Answered, accountApi, type Call } from './account-api.ts';
import { testOrigin } from './account-security.ts';
import { SoftwareAuthenticator } from './authenticator.ts';
import type { TestTables } from './tables.ts';

/** Codes in mails and messages stand by themselves. */
export const codeIn = (text: string | undefined): string => {
  const [code] = text?.match(/\b\d{6}\b/) ?? [];
  if (!code) throw new Error('no code in it');
  return code;
};

/** Somebody who has just proven the best they can, at their own account over real tables. */
export function ownAccount(tables: TestTables, api = accountApi(tables), sub: Sub = aSub()) {
  const fresh = () => ({ level: '2', authenticatedAt: String(Math.floor(api.clock.time / 1000)) });
  const call = <Id extends AccountRoute>(
    route: Id,
    body?: unknown,
    more: Partial<Call<Id>> = {},
  ): Promise<Answered<Id>> => api.send(sub, { route, body, authorizer: fresh(), ...more });
  const authenticator = new SoftwareAuthenticator({ origin: testOrigin });
  return {
    sub,
    api,
    authenticator,
    call,
    factors: async () => (await call('GET /v1/me/factors')).body,
    enrolPasskey: async (name?: string) => {
      const { body } = await call('POST /v1/me/passkeys/options');
      const options = body.options as unknown as Parameters<SoftwareAuthenticator['create']>[0];
      return call('POST /v1/me/passkeys', {
        credential: authenticator.create(options),
        ...(name && { name }),
      });
    },
  };
}
