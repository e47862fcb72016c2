import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Exchange } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import {
  type ApiMethod,
  asProperties,
  type RequiredParameter,
  type RestApi,
  UnsupportedApi,
} from './model.ts';

const MODELS_URL = 'https://apigateway.amazonaws.com/restapis';

/** @throws GatewayFailure BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY */
export function validateRequest(exchange: Exchange, method: ApiMethod, models: Models): void {
  const validator =
    method.validatorId === undefined ? undefined : exchange.api.validators.get(method.validatorId);
  if (validator?.parameters === true) validateParameters(exchange, method.requiredParameters);
  if (validator?.body === true) validateBody(exchange, method, models);
}

/** Presence only: API Gateway knows no type or range of a parameter [aws-facts 9.1]. */
function validateParameters(exchange: Exchange, required: readonly RequiredParameter[]): void {
  const missing = required.filter((parameter) => (parameterValue(exchange, parameter) ?? '').trim() === '');
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const message = `Missing required request parameters: [${names}]`;
  throw new GatewayFailure('BAD_REQUEST_PARAMETERS', { message, validationErrors: `[${names}]` });
}

export function parameterValue(
  exchange: Exchange,
  { location, name }: RequiredParameter,
): string | undefined {
  if (location === 'header') return exchange.headers[name.toLowerCase()];
  return location === 'path' ? exchange.pathParameters[name] : (exchange.query.get(name) ?? undefined);
}

/** A content type without a model is not validated; `$default` catches the others [aws-facts 9.1]. */
function validateBody(exchange: Exchange, method: ApiMethod, models: Models): void {
  const model = method.requestModels.get(mediaType(exchange.headers)) ?? method.requestModels.get('$default');
  if (model === undefined) return;
  const validate = models.validator(exchange.api, model);
  const body = parsedJson(exchange.body);
  if (body.ok && validate(body.value)) return;
  const validationErrors = body.ok ? explained(validate.errors) : '[Unable to parse the body]';
  throw new GatewayFailure('BAD_REQUEST_BODY', { validationErrors });
}

export const mediaType = (headers: Readonly<Record<string, string>>): string =>
  (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

function parsedJson(body: Buffer): Parsed {
  try {
    return { ok: true, value: body.length === 0 ? null : JSON.parse(body.toString('utf8')) };
  } catch {
    return { ok: false };
  }
}

/** In the validator's words, which are not those of AWS; neither are meant for machines. */
const explained = (errors: readonly ErrorObject[] | null | undefined): string =>
  `[${(errors ?? [])
    .map(({ instancePath, message, params }) => {
      const property = (params as { additionalProperty?: string }).additionalProperty;
      return `${instancePath || '/'} ${message}${property === undefined ? '' : ` (${property})`}`;
    })
    .join(', ')}]`;

/** Compiled models of every API. A model may refer to another by its API Gateway URL. */
export class Models {
  private readonly validators = new Map<string, ValidateFunction>();

  validator(api: RestApi, model: string): ValidateFunction {
    const url = modelUrl(api, model);
    const known = this.validators.get(url);
    if (known !== undefined) return known;
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false });
    for (const [name, schema] of api.models)
      ajv.addSchema(asProperties(fromDraft04(schema)), modelUrl(api, name));
    const validate = ajv.getSchema(url);
    if (validate === undefined) throw new UnsupportedApi(api.name, `has no model "${model}"`);
    this.validators.set(url, validate);
    return validate;
  }
}

const modelUrl = (api: RestApi, model: string): string => `${MODELS_URL}/${api.id}/models/${model}`;

const DRAFT_04_ONLY = new Set(['$schema', 'id', 'exclusiveMinimum', 'exclusiveMaximum']);

/** Draft-04 in the words of draft-07: bounds are excluded by a number instead of a flag, names are dropped. */
export function fromDraft04(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(fromDraft04);
  if (typeof schema !== 'object' || schema === null) return schema;
  const draft04 = schema as Record<string, unknown>;
  const kept = Object.entries(draft04).filter(
    ([key, value]) => !DRAFT_04_ONLY.has(key) || typeof value === 'object',
  );
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, fromDraft04(value)]));
  if (draft04.exclusiveMinimum === true) converted.exclusiveMinimum = draft04.minimum;
  if (draft04.exclusiveMaximum === true) converted.exclusiveMaximum = draft04.maximum;
  return converted;
}
