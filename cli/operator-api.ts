import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import { operatorReasons } from '../lambdas/core/administration/operator-event.ts';

export interface OperatorOptions {
  readonly endpoint: string;
  readonly reason: string;
  /** File with a session cookie of a browser, as curl writes it. */
  readonly cookieFile?: string;
}

/** An answer that says no, in the words of its problem document. */
class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(`${detail} (${code})`);
    this.status = status;
    this.code = code;
  }
}

export const endpointOption = (): Option =>
  new Option('--endpoint <url>', 'URL of the Identity API')
    .env('VESTIBULE_ENDPOINT')
    .argParser(readEndpoint)
    .makeOptionMandatory();

export const reasonOption = (): Option =>
  new Option('--reason <code>', 'why; it becomes part of the event')
    .choices([...operatorReasons])
    .makeOptionMandatory();

export const cookieOption = (): Option =>
  new Option(
    '--cookie-file <file>',
    'session cookie of an operator in a browser, instead of VESTIBULE_OPERATOR_TOKEN',
  );

function readEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal)) {
    throw new InvalidArgumentError('Expected https://… (http for this machine only).');
  }
  return text.replace(/\/$/, '');
}

const sessionCookie = '__Host-vestibule-session';
const csrfHeader = 'x-vestibule-csrf';

/**
 * What proves the operator. A token comes from the environment and never from an option: options are seen in the list
 * of processes and kept in the shell's history.
 */
async function credentialsOf({
  cookieFile,
  endpoint,
}: Omit<OperatorOptions, 'reason'>): Promise<Record<string, string>> {
  if (cookieFile === undefined) {
    const token = process.env.VESTIBULE_OPERATOR_TOKEN;
    if (!token) throw new Error('VESTIBULE_OPERATOR_TOKEN: set it to the access token of an operator');
    return { authorization: `Bearer ${token.trim()}` };
  }
  const text = await readFile(cookieFile, 'utf8').catch((cause: unknown) => {
    throw new Error(`--cookie-file ${cookieFile}: cannot be read`, { cause });
  });
  const value = (name: string) =>
    new RegExp(`(?:^|\\s)${name}[\\s=:]+([A-Za-z0-9_.-]+)`, 'm').exec(text)?.[1];
  const [cookie, csrf] = [value(sessionCookie), value(csrfHeader)];
  if (!cookie || !csrf) {
    throw new Error(
      `--cookie-file ${cookieFile}: expected a line with ${sessionCookie} and one with ${csrfHeader}`,
    );
  }
  return { cookie: `${sessionCookie}=${cookie}`, [csrfHeader]: csrf, origin: new URL(endpoint).origin };
}

export interface OperatorApi {
  /** @throws Refused for every answer above 299; Error when there is none */
  send<Body>(method: 'GET' | 'POST', path: string, body?: object): Promise<Body>;
}

/** Longer than API Gateway waits. */
const timeoutMs = 35_000;
/** Tries of a call that the service could not take just now; every call can be repeated. */
const maxTries = 4;

export async function operatorApi(options: Omit<OperatorOptions, 'reason'>): Promise<OperatorApi> {
  const credentials = await credentialsOf(options);
  const once = async (method: string, path: string, body: object | undefined) => {
    const answer = await fetch(`${options.endpoint}${path}`, {
      method,
      headers: { ...credentials, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new Error(`${options.endpoint}: no answer`, { cause });
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: readJson(text) };
  };
  return {
    send: async (method, path, body) => {
      for (let tries = 1; ; tries += 1) {
        const answer = await once(method, path, body);
        if (answer.status < 300) return answer.body as never;
        const isPassing = [429, 503].includes(answer.status);
        if (!isPassing || tries === maxTries) throw refusal(answer.status, answer.body);
        await pause(Number(answer.headers.get('retry-after') ?? 1) || 1);
      }
    },
  };
}

const pause = (seconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.min(seconds, 10) * 1_000);
  });

function readJson(text: string): Record<string, unknown> {
  try {
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return {}; // a proxy's page: the status says enough
  }
}

const advice: Readonly<Record<string, string>> = {
  TOKEN_REJECTED: 'The token is not accepted, or no longer. Sign in again and set VESTIBULE_OPERATOR_TOKEN.',
  SCOPE_MISSING: 'This account is no operator, or it signed in without a passkey.',
  STEP_UP_REQUIRED: 'Sign in again with a passkey: the proof of two factors is missing or too old.',
};

function refusal(status: number, { code, title, detail, fields }: Record<string, unknown>): Refused {
  const name = typeof code === 'string' ? code : `HTTP ${status}`;
  const named = Array.isArray(fields)
    ? fields.map(({ pointer, detail: line }) => `${pointer} ${line}`).join('; ')
    : '';
  const text = advice[name] ?? [detail ?? title ?? 'refused', named].filter(Boolean).join(': ');
  return new Refused(status, name, String(text));
}
