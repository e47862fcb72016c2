import { randomUUID } from 'node:crypto';
import {
  createClient,
  createSignIn,
  createTokenSession,
  type KeptTokens,
  type SignIn,
  type TokenSession,
} from 'vestibule/client';

/** What the server keeps of one visitor; in production a store that all instances share (Redis, DynamoDB), encrypted. */
interface Visitor {
  tokens: KeptTokens | undefined;
  readonly flow: Map<string, string>;
}
const visitors = new Map<string, Visitor>();

const cookieName = '__Host-shop';
const api = process.env.IDENTITY_API ?? 'http://localhost:4400/api';

export interface OpenVisit {
  readonly identity: TokenSession;
  readonly signIn: SignIn;
  /** An answer that carries the visitor's cookie: an opaque id, and no token. */
  answer(body: object, status?: number): Response;
}

/** The visitor behind a request; a new one gets a cookie. @throws Response where another site made the request */
export function visit(request: Request): OpenVisit {
  requireOwnPage(request);
  let id = cookieOf(request) ?? randomUUID();
  const visitor = visitors.get(id) ?? { tokens: undefined, flow: new Map() };
  visitors.set(id, visitor);
  const identity = createTokenSession(createClient({ url: api }), {
    storage: {
      load: async () => visitor.tokens,
      save: async (tokens) => {
        visitor.tokens = tokens;
      },
    },
  });
  const storage = {
    getItem: (key: string) => visitor.flow.get(key) ?? null,
    setItem: (key: string, value: string) => void visitor.flow.set(key, value),
    removeItem: (key: string) => void visitor.flow.delete(key),
  };
  const signIn = createSignIn(identity, { mode: 'tokens', storage });
  signIn.restore(); // each request is a process of its own as far as this knows
  // Whoever read the cookie of this browser before knows nothing of the session that begins now.
  signIn.subscribe(({ step }) => {
    if (step !== 'signed-in') return;
    visitors.delete(id);
    id = randomUUID();
    visitors.set(id, visitor);
  });
  const cookie = () => `${cookieName}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000`;
  return {
    identity,
    signIn,
    answer: (body, status = 200) => Response.json(body, { status, headers: { 'set-cookie': cookie() } }),
  };
}

/** An id that we did not give out is nobody's: otherwise somebody could plant one that he knows. */
function cookieOf(request: Request): string | undefined {
  const [, id = ''] = new RegExp(`${cookieName}=([^;]+)`).exec(request.headers.get('cookie') ?? '') ?? [];
  return visitors.has(id) ? id : undefined;
}

/** SameSite=Lax keeps other sites out already; pages of sibling hosts are the same site. */
function requireOwnPage(request: Request): void {
  const origin = request.headers.get('origin');
  if (request.method === 'GET' || origin === new URL(request.url).origin) return;
  throw new Response(null, { status: 403 });
}
