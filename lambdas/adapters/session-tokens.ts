import { methods } from '../core/risk/decision.ts';
import type { Assurance } from '../core/session/claims.ts';
import type { Clock, SigningKeys } from '../ports.ts';
import { type JwsKind, readJws, signJws } from './compact-jws.ts';

/** What the Identity API tells the token trigger at a refresh: whose session it is and what it once proved. */
export interface SessionStatement extends Assurance {
  /** Differs per refresh, so that a retried trigger writes one event. */
  readonly id: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly sub: string;
  readonly client: string;
}

export interface SessionTokens {
  mint(statement: Omit<SessionStatement, 'issuedAt'>): Promise<string>;
  /** `undefined` unless signed by us, in time, and complete. */
  read(token: string | undefined): Promise<SessionStatement | undefined>;
}

const lifetimeSeconds = 60;
const kind: JwsKind = {
  type: 'vestibule-session+jwt',
  audience: 'session',
  maxLifetimeSeconds: lifetimeSeconds,
};

export const sessionTokens = (keys: SigningKeys, clock: Clock): SessionTokens => ({
  mint: (statement) => {
    const iat = Math.floor(clock.now() / 1000);
    return signJws(keys, kind, {
      jti: statement.id,
      iat,
      exp: iat + lifetimeSeconds,
      sub: statement.sub,
      client: statement.client,
      flow: statement.flow,
      aal: statement.level,
      methods: statement.methods,
    });
  },
  read: async (token) => {
    if (!token) return undefined;
    const reading = await readJws(keys, kind, clock, token);
    if (reading.status !== 'genuine') return undefined;
    const { jti, sub, client, flow, aal, methods: named } = reading.claims;
    const isComplete = [jti, sub, client, flow].every((value) => typeof value === 'string' && value !== '');
    if (!isComplete || (aal !== 1 && aal !== 2) || !Array.isArray(named)) return undefined;
    return {
      id: String(jti),
      issuedAt: reading.claims.iat,
      sub: String(sub),
      client: String(client),
      flow: String(flow),
      level: aal,
      methods: methods.filter((method) => named.includes(method)),
    };
  },
});
