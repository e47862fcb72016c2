import type { GatewayResponseType } from './gateway-response-types.ts';
import type { Template } from './velocity.ts';

/** A part of an API that the local cloud cannot play, or that contradicts itself. */
export class UnsupportedApi extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'UnsupportedApi';
  }
}

export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly rootResourceId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly resources: Map<string, ApiResource>;
  readonly models: Map<string, unknown>;
  readonly validators: Map<string, RequestValidator>;
  readonly authorizers: Map<string, AuthorizerSettings>;
  readonly gatewayResponses: Map<GatewayResponseType, GatewayResponse>;
  readonly stages: Map<string, Stage>;
}

export interface ApiResource {
  readonly id: string;
  /** `/v1/me/prompts/{field}` */
  readonly path: string;
  readonly pathPart: string;
  readonly children: ApiResource[];
  readonly methods: Map<string, ApiMethod>;
}

export interface ApiMethod {
  readonly httpMethod: string;
  readonly authorizerId: string | undefined;
  readonly requiredParameters: readonly RequiredParameter[];
  /** Model name by content type. */
  readonly requestModels: ReadonlyMap<string, string>;
  readonly validatorId: string | undefined;
  readonly integration: Integration;
}

export interface RequiredParameter {
  readonly location: 'path' | 'querystring' | 'header';
  readonly name: string;
}

export interface RequestValidator {
  readonly parameters: boolean;
  readonly body: boolean;
}

export type Integration = LambdaIntegration | MockIntegration;

export interface LambdaIntegration {
  readonly kind: 'lambda';
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface MockIntegration {
  readonly kind: 'mock';
  readonly passthrough: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly requestTemplates: ReadonlyMap<string, Template>;
  readonly responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  readonly statusCode: number;
  readonly selectionPattern: string | undefined;
  /** Mapping expression by response header. */
  readonly headers: ReadonlyMap<string, string>;
  readonly templates: ReadonlyMap<string, Template>;
}

export interface AuthorizerSettings {
  readonly id: string;
  readonly name: string;
  readonly kind: 'TOKEN' | 'REQUEST';
  readonly functionArn: string;
  readonly identitySources: readonly string[];
  readonly tokenPattern: RegExp | undefined;
  readonly ttlSeconds: number;
}

export interface GatewayResponse {
  readonly statusCode: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly templates: ReadonlyMap<string, string>;
}

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly accessLogFormat: string | undefined;
  /** Limits by `METHOD /path`, with `*` for all. */
  readonly throttles: ReadonlyMap<string, Throttle>;
}

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export type Properties = Record<string, unknown>;

export const asProperties = (value: unknown): Properties =>
  typeof value === 'object' && value !== null ? (value as Properties) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asTextMap = (value: unknown): ReadonlyMap<string, string> =>
  new Map(Object.entries(asProperties(value)).map(([key, text]) => [key, String(text)]));
