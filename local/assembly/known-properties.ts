/** What the local cloud makes of the properties of a type. */
export interface KnownProperties {
  readonly does: readonly string[];
  /** Taken without effect here, and why nobody misses it on a laptop. */
  readonly without?: Readonly<Record<string, string>>;
}

const tags = { Tags: 'nothing here is found or billed by tags' };
const words = { Description: 'words for people' };
const encryption = 'data is not encrypted on this machine; the grants on the key are checked';
const logging = 'lines stay in memory and show in the console';

/**
 * By type; resource types that check their own properties, or have no behaviour at all, are not here. A property that
 * is neither is named in a warning at start: what the template asks for must not be missing silently.
 */
export const knownProperties: Readonly<Record<string, KnownProperties>> = {
  'AWS::ApiGateway::Authorizer': {
    does: [
      'Type',
      'IdentitySource',
      'IdentityValidationExpression',
      'AuthorizerResultTtlInSeconds',
      'Name',
      'RestApiId',
      'AuthorizerUri',
    ],
  },
  'AWS::ApiGateway::Deployment': { does: ['RestApiId'], without: words },
  'AWS::ApiGateway::GatewayResponse': {
    does: ['RestApiId', 'ResponseType', 'StatusCode', 'ResponseParameters', 'ResponseTemplates'],
  },
  'AWS::ApiGateway::Method': {
    does: [
      'RestApiId',
      'ResourceId',
      'HttpMethod',
      'AuthorizationType',
      'AuthorizerId',
      'ApiKeyRequired',
      'RequestParameters',
      'RequestModels',
      'RequestValidatorId',
      'Integration',
    ],
    without: { OperationName: 'a name for people', MethodResponses: 'documentation of a proxied method' },
  },
  'AWS::ApiGateway::Model': { does: ['RestApiId', 'Name', 'ContentType', 'Schema'], without: words },
  'AWS::ApiGateway::RequestValidator': {
    does: ['RestApiId', 'Name', 'ValidateRequestBody', 'ValidateRequestParameters'],
  },
  'AWS::ApiGateway::Resource': { does: ['RestApiId', 'ParentId', 'PathPart'] },
  'AWS::ApiGateway::RestApi': {
    does: ['Name', 'BinaryMediaTypes'],
    without: { ...words, ...tags, EndpointConfiguration: 'there is one address' },
  },
  'AWS::ApiGateway::Stage': {
    does: ['RestApiId', 'StageName', 'DeploymentId', 'Variables', 'AccessLogSetting', 'MethodSettings'],
    without: { ...words, ...tags, TracingEnabled: 'there are no traces' },
  },
  'AWS::Cognito::UserPool': {
    does: [
      'UserPoolName',
      'AccountRecoverySetting',
      'AdminCreateUserConfig',
      'AliasAttributes',
      'AutoVerifiedAttributes',
      'DeletionProtection',
      'DeviceConfiguration',
      'EmailAuthenticationMessage',
      'EmailAuthenticationSubject',
      'EmailConfiguration',
      'EmailVerificationMessage',
      'EmailVerificationSubject',
      'EnabledMfas',
      'LambdaConfig',
      'MfaConfiguration',
      'Policies',
      'Schema',
      'SmsAuthenticationMessage',
      'SmsConfiguration',
      'SmsVerificationMessage',
      'UserAttributeUpdateSettings',
      'UserPoolTags',
      'UserPoolTier',
      'UsernameAttributes',
      'UsernameConfiguration',
      'VerificationMessageTemplate',
      'WebAuthnFactorConfiguration',
      'WebAuthnRelyingPartyID',
      'WebAuthnUserVerification',
    ],
  },
  'AWS::Cognito::UserPoolClient': {
    does: [
      'UserPoolId',
      'ClientName',
      'GenerateSecret',
      'AccessTokenValidity',
      'AllowedOAuthFlows',
      'AllowedOAuthFlowsUserPoolClient',
      'AllowedOAuthScopes',
      'AuthSessionValidity',
      'CallbackURLs',
      'EnableTokenRevocation',
      'ExplicitAuthFlows',
      'IdTokenValidity',
      'LogoutURLs',
      'PreventUserExistenceErrors',
      'ReadAttributes',
      'RefreshTokenRotation',
      'RefreshTokenValidity',
      'SupportedIdentityProviders',
      'TokenValidityUnits',
      'WriteAttributes',
    ],
  },
  'AWS::DynamoDB::Table': {
    does: [
      'TableName',
      'KeySchema',
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TimeToLiveSpecification',
      'SSESpecification',
      'PointInTimeRecoverySpecification',
      'DeletionProtectionEnabled',
    ],
    without: {
      ...tags,
      BillingMode: 'units are counted, nothing is provisioned or throttled',
      ProvisionedThroughput: 'units are counted, nothing is provisioned or throttled',
      OnDemandThroughput: 'units are counted, nothing is throttled',
      WarmThroughput: 'units are counted, nothing is throttled',
      TableClass: 'a matter of the bill',
      ContributorInsightsSpecification: 'metrics are not collected',
    },
  },
  'AWS::Events::EventBus': { does: ['Name'], without: { ...words, ...tags } },
  'AWS::Events::Rule': {
    does: ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
    without: { ...words, ...tags },
  },
  'AWS::IAM::ManagedPolicy': {
    does: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    without: words,
  },
  'AWS::IAM::Policy': { does: ['PolicyName', 'PolicyDocument', 'Roles'] },
  'AWS::IAM::Role': {
    does: ['RoleName', 'Path', 'Policies', 'ManagedPolicyArns'],
    without: {
      ...words,
      ...tags,
      AssumeRolePolicyDocument: 'a function runs as the role that it names',
      MaxSessionDuration: 'nobody assumes a role here',
    },
  },
  'AWS::KMS::Alias': { does: ['AliasName', 'TargetKeyId'] },
  'AWS::KMS::Key': {
    does: ['Description', 'Enabled', 'EnableKeyRotation', 'KeySpec', 'KeyUsage'],
    without: {
      ...tags,
      KeyPolicy: 'callers are roles of this account: what their own policies allow decides',
      PendingWindowInDays: 'resources are not deleted here',
      RotationPeriodInDays: 'a rotated key decrypts what the older one encrypted',
    },
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    does: ['DeliveryStreamName', 'DeliveryStreamType', 'ExtendedS3DestinationConfiguration'],
    without: { ...tags, DeliveryStreamEncryptionConfigurationInput: encryption },
  },
  'AWS::Lambda::Alias': { does: ['FunctionName', 'FunctionVersion', 'Name'], without: words },
  'AWS::Lambda::Function': {
    does: [
      'FunctionName',
      'Runtime',
      'Handler',
      'Role',
      'Timeout',
      'MemorySize',
      'ReservedConcurrentExecutions',
      'PackageType',
      'Layers',
      'Code',
      'Environment',
      'DeadLetterConfig',
    ],
    without: {
      ...words,
      ...tags,
      Architectures: 'functions run on this machine’s processor',
      KmsKeyArn: encryption,
      LoggingConfig: logging,
      TracingConfig: 'there are no traces',
    },
  },
  'AWS::Lambda::Permission': { does: ['Action', 'FunctionName', 'Principal', 'SourceArn'] },
  'AWS::Lambda::Version': { does: ['FunctionName'], without: words },
  'AWS::S3::Bucket': {
    does: ['BucketName', 'ObjectLockEnabled', 'ObjectLockConfiguration', 'VersioningConfiguration'],
    without: {
      ...tags,
      BucketEncryption: encryption,
      LifecycleConfiguration: 'objects stay until the state directory is deleted',
      LoggingConfiguration: 'there is no access log of a bucket',
      OwnershipControls: 'there is one account',
      PublicAccessBlockConfiguration: 'nothing is public: the cloud listens on 127.0.0.1 only',
    },
  },
  'AWS::S3::BucketPolicy': { does: ['Bucket', 'PolicyDocument'] },
  'AWS::SecretsManager::ResourcePolicy': {
    does: ['SecretId'],
    without: {
      BlockPublicPolicy: 'there is one account',
      ResourcePolicy: 'callers are roles of this account: what their own policies allow decides',
    },
  },
  'AWS::SecretsManager::RotationSchedule': {
    does: ['SecretId', 'RotationRules', 'RotationLambdaARN'],
    without: { RotateImmediatelyOnUpdate: 'the first rotation is due an interval after the first start' },
  },
  'AWS::SecretsManager::Secret': {
    does: ['Name', 'Description', 'KmsKeyId', 'GenerateSecretString', 'SecretString'],
    without: tags,
  },
  'AWS::SSM::Parameter': { does: ['Name', 'Type', 'Value'], without: { ...words, ...tags } },
  'AWS::SQS::Queue': {
    does: [
      'QueueName',
      'FifoQueue',
      'VisibilityTimeout',
      'MessageRetentionPeriod',
      'DelaySeconds',
      'ReceiveMessageWaitTimeSeconds',
      'RedrivePolicy',
      'KmsMasterKeyId',
    ],
    without: {
      ...tags,
      SqsManagedSseEnabled: encryption,
      KmsDataKeyReusePeriodSeconds: encryption,
    },
  },
  'AWS::SQS::QueuePolicy': { does: ['Queues', 'PolicyDocument'] },
  'AWS::WAFv2::IPSet': {
    does: ['Name', 'Scope', 'Addresses', 'IPAddressVersion'],
    without: { ...words, ...tags },
  },
  'AWS::WAFv2::LoggingConfiguration': {
    does: ['ResourceArn'],
    without: {
      LogDestinationConfigs: 'the console shows the requests that rules ended',
      LoggingFilter: 'the console shows the requests that rules ended',
      RedactedFields: 'the console shows no fields',
    },
  },
  'AWS::WAFv2::RegexPatternSet': {
    does: ['Name', 'Scope', 'RegularExpressionList'],
    without: { ...words, ...tags },
  },
  'AWS::WAFv2::WebACL': {
    does: ['Name', 'Scope', 'DefaultAction', 'Rules', 'CustomResponseBodies', 'AssociationConfig'],
    without: { ...words, ...tags, VisibilityConfig: 'metrics are not collected' },
  },
  'AWS::WAFv2::WebACLAssociation': { does: ['ResourceArn', 'WebACLArn'] },
};

/** Properties that would be missing here without a word. */
export function unknownProperties(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): readonly string[] {
  const known = knownProperties[type];
  if (!known) return [];
  return Object.keys(properties).filter(
    (name) => !known.does.includes(name) && !(known.without && Object.hasOwn(known.without, name)),
  );
}
