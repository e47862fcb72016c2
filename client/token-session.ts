import { type AnyOptions, type IdentityClient, isTokenRejected, needsSession } from './client.ts';
import { IdentityProblem, NetworkFailure } from './problem.ts';

/** All of it signs in: keep it in the keychain of the platform, or on the server. */
export interface KeptTokens {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Makes the device a known one; outlives sessions, and belongs to a challenge that began with it. */
  readonly deviceToken?: string;
  /** Epoch milliseconds at which the access token is over. */
  readonly goodUntil?: number;
}

/** A keychain, an encrypted store, a server's session. */
export interface TokenStorage {
  load(): Promise<KeptTokens | undefined>;
  /** Replaces everything. */
  save(kept: KeptTokens): Promise<void>;
}

export interface TokenSessionOptions {
  readonly storage: TokenStorage;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Keeps the tokens of every answer and sends them along. Give it to `createSignIn` and `createStepUp`: what they are answered
 * with is kept, too.
 */
export interface TokenSession extends IdentityClient {
  isSignedIn(): Promise<boolean>;
  /** A token that is good for half a minute at least, for calls to APIs of your own. */
  accessToken(): Promise<string | undefined>;
  /** New tokens now, for example after a step-up, so that other APIs see its level. */
  refresh(): Promise<void>;
  signOut(): Promise<void>;
}

const aheadMs = 30_000;
/** Two tries have to fit into the 10 seconds in which an answer that was lost can be had again. */
const refreshTimeoutMs = 4_000;

export function createTokenSession(
  client: IdentityClient,
  { storage, now = Date.now }: TokenSessionOptions,
): TokenSession {
  let loading: Promise<KeptTokens> | undefined;
  let refreshing: Promise<void> | undefined;
  let saving: Promise<void> = Promise.resolve();

  const kept = (): Promise<KeptTokens> => {
    loading ??= storage.load().then((found) => found ?? {});
    return loading;
  };

  /** In the order of the answers, however long the storage takes for one. */
  function keep(next: KeptTokens): Promise<void> {
    loading = Promise.resolve(next);
    saving = saving.catch(() => undefined).then(() => storage.save(next));
    return saving;
  }

  /** Stored before anybody gets the answer: a rotated refresh token that is lost is a session that is lost. */
  async function keepFrom(answer: unknown): Promise<void> {
    const { accessToken, refreshToken, deviceToken, expiresInSeconds } = Object(answer) as Partial<
      KeptTokens & { expiresInSeconds: number }
    >;
    if (accessToken === undefined && deviceToken === undefined) return;
    await keep({
      ...(await kept()),
      ...(accessToken !== undefined && { accessToken, goodUntil: now() + (expiresInSeconds ?? 0) * 1000 }),
      ...(refreshToken !== undefined && { refreshToken }),
      ...(deviceToken !== undefined && { deviceToken }),
    });
  }

  async function once(
    route: string,
    { headers, ...given }: AnyOptions,
    accessToken?: string,
  ): Promise<unknown> {
    const { deviceToken } = await kept();
    const answer: unknown = await client.call(
      route as never,
      {
        ...given,
        headers: {
          ...(deviceToken !== undefined && { 'x-vestibule-device': deviceToken }),
          ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
          ...headers,
        },
      } as never,
    );
    await keepFrom(answer);
    return answer;
  }

  async function exchange(): Promise<void> {
    // Another instance over the same storage may have been quicker.
    const [known, stored] = [await kept(), await storage.load()];
    if (stored?.refreshToken !== undefined && stored.refreshToken !== known.refreshToken) {
      loading = Promise.resolve(stored);
      if ((stored.goodUntil ?? 0) > now() + aheadMs) return;
    }
    const { refreshToken } = await kept();
    if (refreshToken === undefined) throw new IdentityProblem(401, { code: 'SESSION_REJECTED' });
    const attempt = () => {
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), refreshTimeoutMs);
      const given = { body: { refreshToken }, signal: deadline.signal };
      return once('POST /v1/sessions/refresh', given).finally(() => clearTimeout(timer));
    };
    try {
      await attempt().catch((problem: unknown) => {
        if (problem instanceof NetworkFailure) return attempt();
        throw problem;
      });
    } catch (problem) {
      if (problem instanceof IdentityProblem && problem.code === 'SESSION_REJECTED') await forget();
      throw problem;
    }
  }

  async function forget(): Promise<void> {
    const { deviceToken } = await kept();
    await keep(deviceToken === undefined ? {} : { deviceToken });
  }

  /** One at a time: a refresh token is good once, and its second use ends the whole session. */
  function refresh(): Promise<void> {
    refreshing ??= exchange().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function accessToken(): Promise<string | undefined> {
    const { goodUntil = 0, refreshToken } = await kept();
    if (refreshToken !== undefined && goodUntil < now() + aheadMs) await refresh();
    return (await kept()).accessToken;
  }

  async function call(route: string, given: AnyOptions = {}): Promise<unknown> {
    if (!needsSession(route)) return once(route, given);
    const token = await accessToken();
    try {
      return await once(route, given, token);
    } catch (problem) {
      // Refused before it did anything; a token that was replaced meanwhile is as good as a fresh one.
      if (!isTokenRejected(problem) || (await kept()).refreshToken === undefined) throw problem;
      if ((await kept()).accessToken === token) await refresh();
      return once(route, given, (await kept()).accessToken);
    }
  }

  return {
    call: call as TokenSession['call'],
    isSignedIn: async () => (await kept()).refreshToken !== undefined,
    accessToken,
    refresh,
    async signOut() {
      const { refreshToken } = await kept();
      if (refreshToken !== undefined) await once('POST /v1/sessions/sign-out', { body: { refreshToken } });
      await forget();
    },
  };
}
