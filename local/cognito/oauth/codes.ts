import { createHash, randomUUID } from 'node:crypto';
import type { Collection } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import type { OAuthGrant, TokenFamily, User } from '../model.ts';
import {
  type AuthenticationResult,
  lifetimeSeconds,
  mintTokens,
  planTokens,
  type TokenPlan,
} from '../tokens/issue.ts';
import { OAuthError } from './answers.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { type DomainRequest, pageCall } from './domains.ts';
import { isSameText } from './sso.ts';

const codeMinutes = 5;

/** What a code stands for; the code itself is kept as its hash. */
interface IssuedCode {
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly redirectUri: string;
  readonly grant: OAuthGrant;
  readonly nonce?: string;
  readonly codeChallenge?: string;
  readonly plan: TokenPlan;
  /** Epoch seconds of the sign-in. */
  readonly authTime: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly used: boolean;
  /** Somebody came with it a second time. */
  readonly reused?: boolean;
  /** Of the tokens that it gave. */
  readonly familyId?: string;
}

const codesOf = ({ cloud }: Engine): Collection<IssuedCode> =>
  cloud.store.collection('cognito-authorization-codes');
const digest = (code: string): string => createHash('sha256').update(code).digest('base64url');

/**
 * A code for somebody who is signed in. Token generation is asked now, so that its refusal shows on the page.
 * @throws AwsError of the trigger
 */
export async function issueCode(
  domain: DomainRequest,
  request: AuthorizationRequest,
  user: User,
  authTime: number,
): Promise<string> {
  const { engine, pool } = domain;
  const call = pageCall(domain, request.client, 'Authorize');
  const plan = await planTokens(engine, call, user, 'HostedAuth', undefined, request.scopes);
  const now = engine.cloud.clock.now();
  const code = randomUUID();
  const { nonce, codeChallenge, resource } = request;
  await Promise.all([
    codesOf(engine).set(digest(code), {
      poolId: pool.id,
      clientId: request.client.id,
      sub: user.sub,
      redirectUri: request.redirectUri,
      grant: { scopes: request.scopes, ...(resource ? { resource } : {}) },
      ...(nonce ? { nonce } : {}),
      ...(codeChallenge ? { codeChallenge } : {}),
      plan,
      authTime,
      expiresAt: now + codeMinutes * 60_000,
      used: false,
    }),
    forgetOld(engine, now),
  ]);
  return code;
}

export interface Redemption {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string | undefined;
}

const invalid = () => new OAuthError('invalid_grant', 'the code is not valid');

/**
 * Trades a code for tokens, once. Whoever brings it again ends what the first one got (RFC 6749, 4.1.2).
 * @throws OAuthError `invalid_grant`
 */
export async function redeemCode(
  engine: Engine,
  call: ReturnType<typeof pageCall>,
  { code, redirectUri, verifier }: Redemption,
): Promise<AuthenticationResult> {
  const key = digest(code);
  const issued = codesOf(engine).get(key);
  if (!issued || issued.clientId !== call.client.id || issued.redirectUri !== redirectUri) throw invalid();
  if (issued.used) {
    await codesOf(engine).set(key, { ...issued, reused: true });
    const family = issued.familyId ? engine.families.get(issued.familyId) : undefined;
    if (family) await engine.families.revoke(family);
    throw invalid();
  }
  if (engine.cloud.clock.now() >= issued.expiresAt || !provesPkce(issued, verifier)) throw invalid();
  // Marked before the first wait: of any number of parallel requests one goes on.
  const marked = codesOf(engine).set(key, { ...issued, used: true });
  const user = engine.directory.bySub(issued.poolId, issued.sub);
  if (!user?.enabled) throw invalid();
  const family = await beginFamily(engine, call, issued);
  await marked;
  const current = codesOf(engine).get(key);
  await codesOf(engine).set(key, { ...issued, ...current, used: true, familyId: family.id });
  if (codesOf(engine).get(key)?.reused) {
    await engine.families.revoke(family);
    throw invalid();
  }
  const result = await mintTokens(engine, call, user, family, issued.plan, issued.nonce);
  return { ...result, RefreshToken: engine.families.tokenOf(family) };
}

const beginFamily = (
  engine: Engine,
  { client }: ReturnType<typeof pageCall>,
  { poolId, sub, authTime, grant }: IssuedCode,
): Promise<TokenFamily> =>
  engine.families.begin({
    poolId,
    sub,
    clientId: client.id,
    eventId: randomUUID(),
    authTime,
    grant,
    expiresAt: engine.cloud.clock.now() + lifetimeSeconds(client, 'RefreshToken') * 1000,
  });

function provesPkce({ codeChallenge }: IssuedCode, verifier: string | undefined): boolean {
  if (codeChallenge === undefined) return verifier === undefined;
  if (!verifier || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  return isSameText(digest(verifier), codeChallenge);
}

/** A used code is remembered as long as somebody could still try it; an hour is far more. */
async function forgetOld(engine: Engine, now: number): Promise<void> {
  const old = Array.from(codesOf(engine).entries()).filter(
    ([, { expiresAt }]) => expiresAt + 3_600_000 <= now,
  );
  await Promise.all(old.map(([key]) => codesOf(engine).delete(key)));
}
