/** First part of `X-Amz-Target`, by which JSON services tell what is meant when only one endpoint is known. */
const targets: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  AWSCognitoIdentityProviderService: 'cognito-idp',
  AWSEvents: 'events',
  AWSGlue: 'glue',
  AWSWAF_20190729: 'wafv2',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  Firehose_20150804: 'firehose',
  GraniteServiceVersion20100801: 'monitoring',
  Logs_20140328: 'logs',
  PinpointSMSVoiceV2: 'sms-voice',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

export interface Target {
  readonly service: string | undefined;
  readonly operation: string;
}

/** `DynamoDB_20120810.GetItem` → dynamodb, GetItem. */
export function readTarget(header: string | undefined): Target | undefined {
  if (!header) return undefined;
  const dot = header.lastIndexOf('.');
  const prefix = header.slice(0, Math.max(dot, 0));
  return {
    service: Object.hasOwn(targets, prefix) ? targets[prefix] : undefined,
    operation: header.slice(dot + 1),
  };
}

export interface Credential {
  readonly keyId: string;
  /** Service name that the signature is for. */
  readonly service: string;
}

const credentialPattern =
  /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\/\d+\/[^/,\s]+\/([^/,\s]+)\/aws4_request/;

/** Who says to have signed, and for which service. The signature itself is not verified: this is a development tool. */
export function readCredential(authorization: string | undefined): Credential | undefined {
  const [, keyId, service] = credentialPattern.exec(authorization ?? '') ?? [];
  return keyId && service ? { keyId, service } : undefined;
}
