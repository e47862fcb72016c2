import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** Whom the provider signs in next, without asking. */
export interface ProviderPerson {
  subject: string;
  claims: Readonly<Record<string, unknown>>;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  person: ProviderPerson;
  /** Whether whom it asks next says no. */
  isRefused?: boolean;
  close(): Promise<void>;
}

export const ada: ProviderPerson = {
  subject: 'Ada-1815',
  claims: { email: 'ada@harbour.example', email_verified: true, name: 'Ada Lovelace', locale: 'en-GB' },
};
const credentials = { clientId: 'vestibule', clientSecret: 'a provider secret' };

/** panva's `oidc-provider` on loopback. PKCE is its own demand; it keeps codes for one use. */
export async function openOidcProvider(redirectUri: string): Promise<TestProvider> {
  const { server, origin } = await listening();
  const state: Pick<TestProvider, 'person' | 'isRefused'> = { person: ada };
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
    findAccount: async (_, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...state.person.claims }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId,
        accountId: oidc.session?.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    cookies: { keys: ['a cookie key of the tests'] },
    jwks: {
      keys: [{ ...(await exportJWK((await signingKey()).privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }],
    },
  });
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/interaction/')) {
      return void provider.interactionFinished(
        request,
        response,
        state.isRefused
          ? { error: 'access_denied', error_description: 'The person said no' }
          : { login: { accountId: state.person.subject } },
      );
    }
    return answer(request, response);
  });
  return opened(server, origin, state);
}

/** What a hostile provider puts into its answer instead of the truth. */
export interface Forgery {
  /** Changes the claims of the ID token; `undefined` removes one. */
  readonly claims?: JWTPayload;
  /** Another key than the published one. */
  readonly foreignKey?: boolean;
  readonly algorithm?: 'RS256' | 'HS256' | 'none';
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** `iss` beside the code. */
  readonly issuerBesideCode?: string;
}

/** A provider that answers whatever a test wants it to. */
export async function openHostileProvider(): Promise<TestProvider & { forgery: Forgery }> {
  const { server, origin } = await listening();
  const [own, foreign] = [await signingKey(), await signingKey()];
  const state = { person: ada, forgery: {} as Forgery };
  let nonce: string | undefined;
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin);
    const json = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          userinfo_endpoint: `${origin}/me`,
          jwks_uri: `${origin}/jwks`,
        });
      case '/jwks':
        return json({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] });
      case '/authorize': {
        nonce = url.searchParams.get('nonce') ?? undefined;
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('code', 'a-code');
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        if (state.forgery.issuerBesideCode) back.searchParams.set('iss', state.forgery.issuerBesideCode);
        return response.writeHead(302, { location: back.href }).end();
      }
      case '/token':
        return json({
          access_token: 'at',
          token_type: 'Bearer',
          id_token: await idToken(origin, state.person, nonce, state.forgery, { own, foreign }),
        });
      default:
        return json(state.forgery.userInfo ?? { sub: state.person.subject, ...state.person.claims });
    }
  });
  return opened(server, origin, state);
}

type Keys = Awaited<ReturnType<typeof signingKey>>;

async function idToken(
  issuer: string,
  { subject, claims }: ProviderPerson,
  nonce: string | undefined,
  { claims: changes = {}, foreignKey, algorithm = 'RS256' }: Forgery,
  keys: { own: Keys; foreign: Keys },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: issuer,
    aud: credentials.clientId,
    sub: subject,
    nonce,
    iat: now,
    exp: now + 300,
    ...claims,
    ...changes,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  if (algorithm === 'none') return `${part({ alg: 'none' })}.${part(payload)}.`;
  const token = new SignJWT(payload).setProtectedHeader({ alg: algorithm, kid: 'k1' });
  if (algorithm === 'HS256') {
    return token.sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.own.publicKey))));
  }
  return token.sign((foreignKey ? keys.foreign : keys.own).privateKey);
}

const signingKey = () => generateKeyPair('RS256', { extractable: true });

async function listening(): Promise<{ server: Server; origin: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { server, origin: `http://localhost:${address.port}` };
}

const opened = <S extends object>(server: Server, issuer: string, state: S) =>
  Object.assign(state, {
    issuer,
    ...credentials,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
