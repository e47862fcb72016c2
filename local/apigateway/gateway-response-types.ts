interface Default {
  readonly status: number;
  /** `null` is what AWS answers when an authorizer fails. */
  readonly message: string | null;
  readonly errorType: string;
}

/** What the gateway says by itself, and its words unless `AWS::ApiGateway::GatewayResponse` says otherwise. */
export const GATEWAY_RESPONSES = {
  ACCESS_DENIED: {
    status: 403,
    message: 'User is not authorized to access this resource',
    errorType: 'AccessDeniedException',
  },
  API_CONFIGURATION_ERROR: {
    status: 500,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    message: null,
    errorType: 'AuthorizerConfigurationException',
  },
  AUTHORIZER_FAILURE: { status: 500, message: null, errorType: 'AuthorizerConfigurationException' },
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    message: 'Missing required request parameters',
    errorType: 'BadRequestException',
  },
  BAD_REQUEST_BODY: { status: 400, message: 'Invalid request body', errorType: 'BadRequestException' },
  DEFAULT_4XX: { status: 400, message: 'Bad Request', errorType: 'BadRequestException' },
  DEFAULT_5XX: { status: 500, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  EXPIRED_TOKEN: { status: 403, message: 'Expired token', errorType: 'ExpiredTokenException' },
  INTEGRATION_FAILURE: {
    status: 504,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    errorType: 'InternalServerErrorException',
  },
  INVALID_API_KEY: { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  INVALID_SIGNATURE: { status: 403, message: 'Invalid signature', errorType: 'InvalidSignatureException' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  QUOTA_EXCEEDED: { status: 429, message: 'Limit Exceeded', errorType: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'RequestTooLongException' },
  RESOURCE_NOT_FOUND: { status: 404, message: 'Not Found', errorType: 'NotFoundException' },
  THROTTLED: { status: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Unsupported Media Type',
    errorType: 'BadRequestException',
  },
  WAF_FILTERED: { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
} as const satisfies Record<string, Default>;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSES;

export const isGatewayResponseType = (name: string): name is GatewayResponseType => name in GATEWAY_RESPONSES;

/** Ends a request with one of the gateway's own answers. */
export class GatewayFailure extends Error {
  readonly type: GatewayResponseType;
  readonly publicMessage: string | null;
  /** `$context.error.validationErrorString` */
  readonly validationErrors: string | undefined;
  /** Where the default status of the type is not the one AWS answers with. */
  readonly status: number;

  constructor(
    type: GatewayResponseType,
    options: { message?: string; validationErrors?: string; status?: number; detail?: string } = {},
  ) {
    const { message, status }: Default = GATEWAY_RESPONSES[type];
    super(options.detail ?? options.message ?? message ?? type);
    this.name = 'GatewayFailure';
    this.type = type;
    this.publicMessage = options.message ?? message;
    this.validationErrors = options.validationErrors;
    this.status = options.status ?? status;
  }
}
