const logsWriter = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ],
};

const streamReader = (service: 'dynamodb' | 'sqs', actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: actions.map((action) => `${service}:${action}`), Resource: '*' },
    ...logsWriter.Statement,
  ],
});

/** Policies that AWS keeps, by the name after `:policy/`. Copied from their public documents. */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': logsWriter,
  'service-role/AWSLambdaDynamoDBExecutionRole': streamReader('dynamodb', [
    'DescribeStream',
    'GetRecords',
    'GetShardIterator',
    'ListStreams',
  ]),
  'service-role/AWSLambdaSQSQueueExecutionRole': streamReader('sqs', [
    'ReceiveMessage',
    'DeleteMessage',
    'GetQueueAttributes',
  ]),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
        ],
        Resource: '*',
      },
    ],
  },
  AWSXRayDaemonWriteAccess: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
          'xray:GetSamplingStatisticSummaries',
        ],
        Resource: '*',
      },
    ],
  },
};
