import type { HttpResponse } from '../platform.ts';
import type { Exchange } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import { isBinary } from './proxy-event.ts';

const FIELDS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);
/** The gateway keeps these for itself and hands a function's own on under another name [aws-facts 9.4]. */
const REMAPPED = new Set([
  'www-authenticate',
  'server',
  'date',
  'content-md5',
  'connection',
  'content-length',
]);

interface ProxyAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, unknown>;
  readonly multiValueHeaders: Record<string, readonly unknown[]>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** @throws GatewayFailure (502) when a function's answer is not in the form of a proxy integration */
export function proxyResponse(exchange: Exchange, payload: unknown): HttpResponse {
  const answer = parseAnswer(payload);
  return {
    status: answer.statusCode,
    headers: responseHeaders(answer),
    body: responseBody(exchange, answer),
  };
}

function parseAnswer(payload: unknown): ProxyAnswer {
  const answer = record(payload, 'answer');
  const unknown = Object.keys(answer).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) throw malformed(`unknown field "${unknown}"`);
  const statusCode = Number(answer.statusCode);
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) throw malformed('statusCode');
  const body = answer.body ?? '';
  if (typeof body !== 'string') throw malformed('body is not a string');
  return {
    statusCode,
    headers: record(answer.headers ?? {}, 'headers'),
    multiValueHeaders: lists(record(answer.multiValueHeaders ?? {}, 'multiValueHeaders')),
    body,
    isBase64Encoded: answer.isBase64Encoded === true,
  };
}

const malformed = (problem: string): GatewayFailure =>
  new GatewayFailure('DEFAULT_5XX', { status: 502, detail: `Malformed Lambda proxy response: ${problem}` });

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${name} is not an object`);
  return value as Record<string, unknown>;
}

function lists(headers: Record<string, unknown>): Record<string, readonly unknown[]> {
  for (const [name, values] of Object.entries(headers)) {
    if (!Array.isArray(values)) throw malformed(`multiValueHeaders.${name} is not a list`);
  }
  return headers as Record<string, readonly unknown[]>;
}

/** Both kinds of headers are merged; a value that stands in both appears once. */
function responseHeaders({
  headers,
  multiValueHeaders,
}: ProxyAnswer): Record<string, string | readonly string[]> {
  const all = new Map<string, string[]>([['content-type', []]]);
  const single = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
  for (const [name, values] of [...Object.entries(multiValueHeaders), ...single]) {
    const key = outwardName(name);
    const known = all.get(key) ?? [];
    all.set(key, [...new Set([...known, ...values.map((value) => headerValue(name, value))])]);
  }
  if (all.get('content-type')?.length === 0) all.set('content-type', ['application/json']);
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

function outwardName(name: string): string {
  const lower = name.toLowerCase();
  return REMAPPED.has(lower) ? `x-amzn-remapped-${lower}` : lower;
}

function headerValue(name: string, value: unknown): string {
  if (typeof value === 'object') throw malformed(`header ${name} is not a string`);
  return String(value);
}

/** Base64 is decoded only for a client that asks for a binary type of the API. */
function responseBody({ api, headers }: Exchange, { body, isBase64Encoded }: ProxyAnswer): Buffer | string {
  if (!isBase64Encoded) return body;
  const accepted = (headers.accept ?? '').split(/[,;]/)[0]?.trim() ?? '';
  return isBinary(api.binaryMediaTypes, accepted) ? Buffer.from(body, 'base64') : body;
}
