/** SDK service ids (as in `AWS_ENDPOINT_URL_<ID>`) and the endpoint of the local cloud that answers them. */
const services: Readonly<Record<string, string>> = {
  API_GATEWAY: 'apigateway',
  CLOUDWATCH: 'monitoring',
  CLOUDWATCH_LOGS: 'logs',
  COGNITO_IDENTITY_PROVIDER: 'cognito-idp',
  DYNAMODB: 'dynamodb',
  DYNAMODB_STREAMS: 'dynamodb',
  EVENTBRIDGE: 'events',
  FIREHOSE: 'firehose',
  GLUE: 'glue',
  IAM: 'iam',
  KMS: 'kms',
  LAMBDA: 'lambda',
  PINPOINT_SMS_VOICE_V2: 'sms-voice',
  S3: 's3',
  SECRETS_MANAGER: 'secretsmanager',
  SES: 'ses',
  SESV2: 'ses',
  SNS: 'sns',
  SQS: 'sqs',
  SSM: 'ssm',
  STS: 'sts',
  WAFV2: 'wafv2',
};

/** `AWS_ENDPOINT_URL` catches the services without an entry: their calls end here, not on the internet. */
export const endpointVariables = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  ...Object.fromEntries(
    Object.entries(services).map(([id, name]) => [`AWS_ENDPOINT_URL_${id}`, `${url}/_aws/${name}`]),
  ),
});
