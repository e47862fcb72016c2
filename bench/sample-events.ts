const pool = {
  version: '1',
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_bench',
  userName: '11111111-1111-4111-8111-111111111111',
};
const callerContext = { awsSdkVersion: 'bench', clientId: 'bench' };
const userAttributes = {
  sub: pool.userName,
  email: 'ada@example.com',
  email_verified: 'true',
  'cognito:user_status': 'CONFIRMED',
};

const proxyEvent = (resource: string, authorizer?: Record<string, string>) => ({
  resource,
  path: resource,
  httpMethod: 'GET',
  headers: {},
  multiValueHeaders: {},
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: null,
  stageVariables: null,
  body: null,
  isBase64Encoded: false,
  requestContext: {
    requestId: 'bench',
    extendedRequestId: 'bench',
    identity: { sourceIp: '192.0.2.1', userAgent: 'bench' },
    authorizer,
  },
});

/** One first call per function that reaches its usual dependencies. */
export const sampleEvents: Readonly<Record<string, unknown>> = {
  'sign-in': {
    ...pool,
    version: '2',
    callerContext,
    triggerSource: 'TokenGeneration_RefreshTokens',
    request: { userAttributes, groupConfiguration: { groupsToOverride: [] }, scopes: [] },
    response: { claimsAndScopeOverrideDetails: null },
  },
  registration: {
    ...pool,
    callerContext,
    triggerSource: 'PreSignUp_SignUp',
    request: { userAttributes: { email: 'ada@example.com' }, validationData: {} },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  },
  messages: {
    ...pool,
    callerContext,
    triggerSource: 'CustomMessage_SignUp',
    request: { userAttributes, codeParameter: '{####}', usernameParameter: null },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  },
  'auth-api': proxyEvent('/v1/registration-form'),
  'account-api': proxyEvent('/v1/me/consents', {
    sub: pool.userName,
    scopes: 'vestibule/consents.read',
    clientId: 'bench',
    sessionKey: 'bench',
    level: '1',
    methods: 'password',
    authenticatedAt: '0',
  }),
  authorizer: {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-1:000000000000:api/dev/GET/v1/me/profile',
    httpMethod: 'GET',
    multiValueHeaders: { Authorization: ['Bearer not-a-token'] },
  },
  'audit-forwarder': { Records: [] },
  'session-registry': { Records: [] },
  statistics: { Records: [] },
  notifier: { source: 'vestibule', 'detail-type': 'sign-in.refused', detail: { type: 'sign-in.refused' } },
  'secret-rotation': { SecretId: 'bench', ClientRequestToken: 'bench', Step: 'testSecret' },
};
