import { type AnyOptions, type IdentityClient, isTokenRejected, needsSession } from './client.ts';
import { alone } from './one-tab.ts';
import { IdentityProblem, NetworkFailure } from './problem.ts';
import { defined } from './request.ts';

/** All of it signs in: keep it in the keychain of the platform, or on the server. */
export interface KeptTokens {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Makes the device a known one; outlives sessions, and belongs to a challenge that began with it. */
  readonly deviceToken?: string;
  /** Epoch milliseconds at which the access token is over. */
  readonly goodUntil?: number;
}

/** A keychain, an encrypted store, a server's session. Tabs may share one: each looks there before it refreshes. */
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
  /** As the storage says now: another tab may have signed in or out. */
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
  let changing: Promise<void> = Promise.resolve();
  /** The storage is older than we are: a save failed, or is under way. */
  let isUnsaved = false;

  const kept = (): Promise<KeptTokens> => {
    loading ??= storage.load().then(
      (found) => found ?? {},
      (cause: unknown) => {
        loading = undefined; // a keychain that was locked may be open the next time
        throw cause;
      },
    );
    return loading;
  };

  const reloaded = (): Promise<KeptTokens> => {
    if (!isUnsaved) loading = undefined;
    return kept();
  };

  /** What another tab has stored counts, unless a save of ours failed. */
  async function newest(): Promise<KeptTokens> {
    await changing.catch(() => undefined);
    return reloaded();
  }

  /** One after the other, each of what the storage has by then: our own may be older than another tab's. */
  function change(next: (now: KeptTokens) => KeptTokens): Promise<void> {
    const turn = async () => {
      const known = await kept().catch(() => ({}));
      const wanted = next(await reloaded().catch(() => known));
      loading = Promise.resolve(wanted);
      isUnsaved = true;
      await storage.save(wanted);
      isUnsaved = false;
    };
    changing = changing.catch(() => undefined).then(turn);
    return changing;
  }

  /** Stored before anybody gets the answer: a rotated refresh token that is lost is a session that is lost. */
  async function keepFrom(answer: unknown): Promise<void> {
    const { accessToken, refreshToken, deviceToken, expiresInSeconds } = Object(answer) as Partial<
      KeptTokens & { expiresInSeconds: number }
    >;
    if (accessToken === undefined && deviceToken === undefined) return;
    const goodUntil = accessToken && now() + (expiresInSeconds ?? 0) * 1000;
    const said = defined<unknown>({ accessToken, refreshToken, deviceToken, goodUntil });
    await change((now) => ({ ...now, ...said }));
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
          ...defined({
            'x-vestibule-device': deviceToken,
            authorization: accessToken && `Bearer ${accessToken}`,
          }),
          ...headers,
        },
      } as never,
    );
    await keepFrom(answer);
    return answer;
  }

  /**
   * @param locked - the refresh token that no other tab uses now
   * @param spent - the token that is not to be used again; one of another tab is as good as a fresh one
   * @returns `false` when another tab has replaced `locked` meanwhile
   */
  async function exchange(locked: string | undefined, spent: string | undefined): Promise<boolean> {
    const { refreshToken, accessToken, goodUntil = 0 } = await newest();
    if (refreshToken === undefined) throw new IdentityProblem(401, { code: 'SESSION_REJECTED' });
    if (spent !== undefined && accessToken !== spent && goodUntil > now() + aheadMs) return true;
    if (refreshToken !== locked) return false;
    const attempt = () =>
      once('POST /v1/sessions/refresh', { body: { refreshToken }, timeoutMs: refreshTimeoutMs });
    try {
      await attempt().catch((problem: unknown) => {
        if (problem instanceof NetworkFailure) return attempt();
        throw problem;
      });
      return true;
    } catch (problem) {
      // Somebody may have signed in again in another tab meanwhile.
      const isOver = problem instanceof IdentityProblem && problem.code === 'SESSION_REJECTED';
      if (isOver && (await newest()).refreshToken === refreshToken) await forget();
      throw problem;
    }
  }

  const forget = (): Promise<void> => change(({ deviceToken }) => defined({ deviceToken }));

  async function exchangeAlone(spent: string | undefined): Promise<void> {
    for (let isDone = false; !isDone; ) {
      const { refreshToken } = await newest();
      isDone = await alone(refreshToken, () => exchange(refreshToken, spent));
    }
  }

  /** One at a time in all tabs: a refresh token is good once, and its second use ends the whole session. */
  function renew(spent?: string): Promise<void> {
    refreshing ??= exchangeAlone(spent).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function accessToken(): Promise<string | undefined> {
    const { goodUntil = 0, refreshToken, accessToken: known = '' } = await kept();
    if (refreshToken !== undefined && goodUntil < now() + aheadMs) await renew(known);
    return (await kept()).accessToken;
  }

  async function call(route: string, given: AnyOptions = {}): Promise<unknown> {
    if (!needsSession(route)) return once(route, given);
    const token = await accessToken();
    try {
      return await once(route, given, token);
    } catch (problem) {
      // Refused before it did anything.
      if (!isTokenRejected(problem) || (await kept()).refreshToken === undefined) throw problem;
      await renew(token);
      return once(route, given, (await kept()).accessToken);
    }
  }

  return {
    call: call as TokenSession['call'],
    isSignedIn: async () => (await newest()).refreshToken !== undefined,
    accessToken,
    refresh: () => renew(),
    async signOut() {
      const { refreshToken } = await newest();
      if (refreshToken !== undefined) await once('POST /v1/sessions/sign-out', { body: { refreshToken } });
      await forget();
    },
  };
}
