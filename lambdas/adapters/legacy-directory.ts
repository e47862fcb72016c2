import { createHmac } from 'node:crypto';
import type { LegacyEndpoint } from '../core/configuration.ts';
import { canonicalIdentifier, type Identifier } from '../core/identifier.ts';
import { type LegacyAnswer, type LegacyDirectory, LegacyUnavailable } from '../core/migration/ports.ts';
import type { Clock } from '../ports.ts';
import type { LegacyCircuit } from './legacy-circuit.ts';
import { cachedSecret, type SecretReader } from './secrets.ts';

/** Answers are a few facts about one person. */
const maxAnswerBytes = 16_384;

interface Question {
  readonly operation: 'authenticate' | 'look-up';
  readonly identifier: Identifier;
  readonly password?: string;
}

/**
 * The other system over HTTP: POST with `{operation, identifier, password?}`, signed with
 * `x-vestibule-signature: v1=<hex HMAC-SHA-256 of "<x-vestibule-timestamp>.<body>">`. It answers 200 with
 * `{"state":"refused"}` or `{"state":"accepted","email":…,"emailVerified":true,"locale"?}`; everything else, and every
 * redirect, counts as a failure. One question, no repetition: the trigger has 5 s in all.
 */
export function legacyDirectory(
  endpoint: LegacyEndpoint & { readonly secretId: string },
  ports: { readonly readSecret: SecretReader; readonly clock: Clock; readonly circuit: LegacyCircuit },
): LegacyDirectory {
  const secret = cachedSecret(ports.readSecret, endpoint.secretId);
  const ask = async (question: Question): Promise<LegacyAnswer> => {
    if (!(await ports.circuit.mayAsk())) throw new LegacyUnavailable('CIRCUIT_OPEN');
    const body = JSON.stringify(question);
    const timestamp = String(Math.floor(ports.clock.now() / 1000));
    const signature = createHmac('sha256', await secret())
      .update(`${timestamp}.${body}`)
      .digest('hex');
    try {
      const text = await post(endpoint, body, {
        'x-vestibule-timestamp': timestamp,
        'x-vestibule-signature': `v1=${signature}`,
      });
      const answer = readAnswer(text, new Date(ports.clock.now()).toISOString());
      await ports.circuit.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof LegacyUnavailable) await ports.circuit.failed();
      throw error;
    }
  };
  return {
    authenticate: (identifier, password) => ask({ operation: 'authenticate', identifier, password }),
    lookUp: (identifier) => ask({ operation: 'look-up', identifier }),
  };
}

async function post(
  { url, timeoutMs }: LegacyEndpoint,
  body: string,
  headers: Record<string, string>,
): Promise<string> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error', // a password goes to the configured address and nowhere else
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status !== 200) throw new LegacyUnavailable('STATUS');
    return await readBounded(answer);
  } catch (error) {
    if (error instanceof LegacyUnavailable) throw error;
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw new LegacyUnavailable(isTimeout ? 'TIMEOUT' : 'UNREACHABLE', { cause: error });
  }
}

async function readBounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.byteLength;
    if (length > maxAnswerBytes) throw new LegacyUnavailable('GARBLED');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Nothing is guessed: an answer that is not exactly as agreed is none. */
function readAnswer(text: string, at: string): LegacyAnswer {
  const answer = parsed(text);
  if (answer.state === 'refused') return { kind: 'refused' };
  const email = typeof answer.email === 'string' ? canonicalIdentifier(answer.email) : undefined;
  if (answer.state !== 'accepted' || !email) throw new LegacyUnavailable('GARBLED');
  // An address that was never proven there is not taken over as proven here.
  if (answer.emailVerified !== true) return { kind: 'refused' };
  const { locale } = answer;
  const isLocale = typeof locale === 'string' && /^[a-z]{2,3}(-[A-Z]{2})?$/.test(locale);
  return {
    kind: 'accepted',
    person: { email, ...(isLocale && { locale }), fields: {}, consents: [], exportedAt: at },
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // not JSON: the same as any other answer that is not as agreed
  }
  throw new LegacyUnavailable('GARBLED');
}
