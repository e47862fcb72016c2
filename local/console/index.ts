import { readFileSync } from 'node:fs';
import type { Cloud, HttpRequest, HttpResponse, Service } from '../platform.ts';
import { CommandRefused, commands } from './commands.ts';
import { isOwnHost, mayChangeState } from './guard.ts';
import type { Html } from './html.ts';
import { consolePage } from './page.ts';
import { liveSections } from './sections.ts';
import { findSources } from './sources.ts';
import { type ConsoleParts, consoleParts, readState } from './state.ts';

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The page at `/` and its JSON below `/_console/api/`. */
export function consoleService(cloud: Cloud): Service {
  const parts = consoleParts(cloud);
  const assets: Readonly<Record<string, HttpResponse>> = {
    '/_console/console.css': answer(200, 'text/css', asset('console.css')),
    '/_console/console.js': answer(200, 'text/javascript', asset('console.js')),
  };
  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    if (!isOwnHost(request)) return json(403, { message: 'The console is for this machine only.' });
    if (request.method === 'POST') return change(cloud, request);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return json(405, { message: 'GET or POST only.' });
    if (request.path === '/') return page(consolePage(await readState(parts)));
    if (request.path === '/_console/live') return page(liveSections(await readState(parts)));
    if (request.path.startsWith(API)) return read(cloud, parts, request);
    return assets[request.path] ?? json(404, { message: 'Nothing is served here.' });
  };
  return {
    name: 'console',
    providers: [],
    http: [
      { prefix: '/', handle },
      { prefix: '/_console/', handle },
    ],
  };
}

const API = '/_console/api/';

async function read(cloud: Cloud, parts: ConsoleParts, { path, query }: HttpRequest): Promise<HttpResponse> {
  const name = path.slice(API.length);
  if (name === 'state') return json(200, await readState(parts));
  if (name === 'logs') {
    const logs = findSources(cloud).lambda?.logs(
      query.get('function') ?? '',
      query.get('requestId') ?? undefined,
    );
    return json(200, logs ?? []);
  }
  if (!Object.hasOwn(parts, name)) {
    const known = ['state', 'logs', ...Object.keys(parts)].join(', ');
    return json(404, { message: `There is no "${name}" (there are: ${known}).` });
  }
  return json(200, await parts[name as keyof ConsoleParts]());
}

function change(cloud: Cloud, request: HttpRequest): HttpResponse {
  if (!mayChangeState(request))
    return json(403, { message: 'Only the console itself may do this, with JSON.' });
  const name = request.path.slice(API.length);
  const command = request.path.startsWith(API) && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    return json(404, {
      message: `There is no such command (there are: ${Object.keys(commands).join(', ')}).`,
    });
  try {
    command(cloud, readInput(request));
    return json(200, { message: 'Done.' });
  } catch (error) {
    if (error instanceof CommandRefused) return json(400, { message: error.message });
    throw error;
  }
}

function readInput({ body }: HttpRequest): Record<string, unknown> {
  const refused = new CommandRefused('body: expected a JSON object');
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw refused;
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw refused;
  return input as Record<string, unknown>;
}

const page = ({ markup }: Html): HttpResponse => answer(200, 'text/html', markup);

const json = (status: number, value: unknown): HttpResponse =>
  answer(status, 'application/json', JSON.stringify(value));

function answer(status: number, contentType: string, body: string): HttpResponse {
  return { status, headers: { 'content-type': `${contentType}; charset=utf-8`, ...SECURITY_HEADERS }, body };
}
