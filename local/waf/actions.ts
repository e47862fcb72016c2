import { asList, asProperties, onlyKey, type Properties, UnsupportedWaf } from './request.ts';

export type WafAction = 'ALLOW' | 'BLOCK' | 'CAPTCHA' | 'CHALLENGE';

/** What a matching rule (or the default action) does. */
export interface CompiledAction {
  /** `undefined` for Count, which lets evaluation go on. */
  readonly terminates: WafAction | undefined;
  /** Lower-case names, with WAF's `x-amzn-waf-` in front. */
  readonly insertHeaders: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
  APPLICATION_JSON: 'application/json',
};

/** No token can be valid here, so both interruptions end the request [aws-facts 8.3]. */
const INTERRUPTIONS = {
  Captcha: { terminates: 'CAPTCHA', status: 405, headers: { 'x-amzn-waf-action': 'captcha' } },
  Challenge: { terminates: 'CHALLENGE', status: 202, headers: { 'x-amzn-waf-action': 'challenge' } },
} as const;

export function compileAction(action: unknown, bodies: Properties, where: string): CompiledAction {
  const [kind, settings] = onlyKey(action, where);
  const insertHeaders = insertedHeaders(settings);
  switch (kind) {
    case 'Allow':
      return { terminates: 'ALLOW', insertHeaders };
    case 'Count':
      return { terminates: undefined, insertHeaders };
    case 'Captcha':
    case 'Challenge':
      return { ...INTERRUPTIONS[kind], insertHeaders: {} };
    case 'Block':
      return { terminates: 'BLOCK', insertHeaders: {}, ...customResponse(settings, bodies, where) };
    default:
      throw new UnsupportedWaf(where, `action ${kind} is not known`);
  }
}

const insertedHeaders = (settings: Properties): Readonly<Record<string, string>> =>
  named(asProperties(settings.CustomRequestHandling).InsertHeaders, 'x-amzn-waf-');

const named = (headers: unknown, prefix: string): Record<string, string> =>
  Object.fromEntries(
    asList(headers)
      .map(asProperties)
      .map(({ Name, Value }) => [prefix + String(Name).toLowerCase(), String(Value)]),
  );

/** Without a custom response, what is blocked answers as the protected service does (403). */
function customResponse(settings: Properties, bodies: Properties, where: string): Partial<CompiledAction> {
  if (settings.CustomResponse === undefined) return {};
  const custom = asProperties(settings.CustomResponse);
  const headers = named(custom.ResponseHeaders, '');
  const status = Number(custom.ResponseCode);
  if (custom.CustomResponseBodyKey === undefined) return { status, headers, body: '' };
  const key = String(custom.CustomResponseBodyKey);
  const { ContentType, Content } = asProperties(bodies[key]);
  if (Content === undefined) throw new UnsupportedWaf(where, `CustomResponseBodies has no "${key}"`);
  const contentType = CONTENT_TYPES[String(ContentType)] ?? 'text/plain';
  return { status, headers: { 'content-type': contentType, ...headers }, body: String(Content) };
}
