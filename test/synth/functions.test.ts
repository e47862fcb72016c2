import { describe, expect, it } from 'vitest';
import {
  environmentOf,
  functionNamed,
  functionNames,
  listed,
  ofType,
  type Statement,
  statementsOf,
  synthesize,
} from '../support/synth.ts';

const dev = synthesize();
const risk = [
  'RISK_MODE',
  'RISK_CHALLENGE_AT',
  'RISK_DENY_AT',
  'RISK_DORMANT_DAYS',
  'RISK_PROOF_MAX_AGE_DAYS',
  'RISK_ACCOUNT_FAILURE_LIMIT',
  'RISK_ADDRESS_FAILURE_LIMIT',
];
const codes = [
  'CODE_LIFETIME_SECONDS',
  'CODE_ATTEMPTS',
  'CODE_RESENDS',
  'CODE_ACCOUNT_LIMIT',
  'CODE_MAILS_PER_ACCOUNT_PER_HOUR',
];
const texts = [
  'SMS_PER_ACCOUNT_PER_DAY',
  'SMS_PER_ADDRESS_PER_HOUR',
  'SMS_PER_PREFIX_PER_HOUR',
  'SMS_PER_COUNTRY_PER_HOUR',
  'SMS_PER_DAY',
  'SMS_CONVERSION_PERCENT',
  'SMS_CONVERSION_AFTER',
];
const passkeys = ['RELYING_PARTY_ID', 'PASSKEY_ORIGINS'];
const audit = ['AUDIT_TABLE', 'AUDIT_TTL_DAYS'];
const lifetimes = [
  'SESSION_DAYS',
  'SESSION_IDLE_HOURS',
  'STRONG_SESSION_HOURS',
  'STRONG_SESSION_IDLE_MINUTES',
];
const secrets = ['SIGNING_SECRET', 'PSEUDONYM_SECRET'];

const environments: Record<(typeof functionNames)[number], string[]> = {
  registration: ['PROFILES_TABLE', 'CONSENTS_TABLE', 'RISK_TABLE', ...audit, ...secrets, 'CONTEXT_MANDATORY'],
  'sign-in': [
    ...['RISK_TABLE', 'CONSENTS_TABLE', 'PROFILES_TABLE', ...audit, ...secrets, 'SEALING_SECRET'],
    ...['CLIENTS_PARAMETER', 'CONTEXT_MANDATORY', ...risk, ...codes, ...passkeys, ...texts],
  ],
  messages: ['RISK_TABLE', 'CLIENTS_PARAMETER'],
  'auth-api': [
    ...[
      'USER_POOL_ID',
      'WEB_CLIENT_ID',
      'SERVER_CLIENT_ID',
      'SERVER_CLIENT_SECRET',
      'PROFILES_TABLE',
      'RISK_TABLE',
      'RECOVERY_DELAY_HOURS',
      ...audit,
      ...secrets,
      'SEALING_SECRET',
      'EDGE_SECRET',
      'RELYING_PARTY_ID',
    ],
    ...['UNIFORM_ANSWER_MS', 'REGISTRATIONS_PER_ADDRESS_PER_HOUR'],
    ...['CODE_LIFETIME_SECONDS', 'CONTEXT_MANDATORY'],
    ...lifetimes,
  ],
  'account-api': [
    ...['PROFILES_TABLE', 'CONSENTS_TABLE', 'RISK_TABLE', ...audit, 'PSEUDONYM_SECRET', 'SEALING_SECRET'],
    'EDGE_SECRET',
    ...['USER_POOL_ID', 'POOL_SESSIONS', ...passkeys, 'CODE_LIFETIME_SECONDS', 'UNIFORM_ANSWER_MS', ...texts],
    ...lifetimes,
  ],
  authorizer: ['ISSUER', 'CLIENT_IDS', 'SERVER_CLIENT_ID', 'RISK_TABLE', ...lifetimes],
  'audit-forwarder': ['FIREHOSE_STREAM', 'EVENT_BUS', ...audit, 'CHECKPOINT_KEY'],
  notifier: ['PROFILES_TABLE', 'RISK_TABLE', ...audit, 'PSEUDONYM_SECRET', ...texts],
  'admin-api': [
    ...['USER_POOL_ID', 'CLIENT_IDS', 'PROFILES_TABLE', 'RISK_TABLE', ...audit],
    ...['CONSENTS_TABLE', 'STATISTICS_TABLE'],
    ...['PSEUDONYM_SECRET', 'RECOVERY_DELAY_HOURS'],
  ],
  'recovery-guard': ['PROFILES_TABLE', 'RISK_TABLE', ...audit],
  erasure: [
    ...['USER_POOL_ID', 'PROFILES_TABLE', 'CONSENTS_TABLE', 'RISK_TABLE', ...audit],
    ...['PSEUDONYM_SECRET', 'CONSENT_EVIDENCE_DAYS'],
    ...lifetimes,
  ],
  'session-registry': ['PROFILES_TABLE', ...audit],
  statistics: ['STATISTICS_TABLE'],
  'secret-rotation': [],
  housekeeping: ['USER_POOL_ID', 'RISK_TABLE', ...audit, 'UNCONFIRMED_RETENTION_HOURS'],
};

/** `Action resource` of everything a function may do beyond its own log, resources by a telling part of their id. */
const grants: Record<(typeof functionNames)[number], string[]> = {
  registration: [
    ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesProfiles`),
    'dynamodb:PutItem TablesConsents',
    ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} TablesRisk`),
    'dynamodb:PutItem TablesAudit',
    'secretsmanager:GetSecretValue SecretsSigning',
    'secretsmanager:GetSecretValue SecretsPseudonym',
    'kms:Decrypt KeysData',
  ],
  'sign-in': [
    ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesRisk`),
    ...['GetItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action} TablesProfiles`),
    'dynamodb:Query TablesConsents',
    'dynamodb:PutItem TablesAudit',
    ...['Signing', 'Sealing', 'Pseudonym'].map((name) => `secretsmanager:GetSecretValue Secrets${name}`),
    'ssm:GetParameter parameter/vestibule/vestibule-dev/clients',
    'kms:Decrypt KeysData',
    'ses:SendEmail identity/mail.lindenlark.example',
    'sms-voice:SendTextMessage pool/pool-0123456789abcdef',
  ],
  messages: [
    'dynamodb:PutItem TablesRisk',
    'ssm:GetParameter parameter/vestibule/vestibule-dev/clients',
    'kms:Decrypt KeysData',
  ],
  'auth-api': [
    ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} TablesRisk`),
    ...['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
      (action) => `dynamodb:${action} TablesProfiles`,
    ),
    'dynamodb:PutItem TablesAudit',
    ...['Signing', 'Sealing', 'Pseudonym', 'Edge', 'ServerClient'].map(
      (name) => `secretsmanager:GetSecretValue Secrets${name}`,
    ),
    'kms:Decrypt KeysData',
    'cognito-idp:AdminUserGlobalSignOut DirectoryUserPool',
    'ses:SendEmail identity/mail.lindenlark.example',
  ],
  'account-api': [
    ...['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
      (action) => `dynamodb:${action} TablesProfiles`,
    ),
    ...['Query', 'PutItem'].map((action) => `dynamodb:${action} TablesConsents`),
    ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} TablesRisk`),
    ...['Query', 'PutItem'].map((action) => `dynamodb:${action} TablesAudit`),
    ...[
      ...['GetUser', 'DisableUser', 'SetUserPassword', 'UpdateUserAttributes', 'UserGlobalSignOut'],
      ...['ListUserSessions', 'RevokeUserSession'],
      ...['LinkProviderForUser', 'DisableProviderForUser'],
    ].map((action) => `cognito-idp:Admin${action} DirectoryUserPool`),
    'secretsmanager:GetSecretValue SecretsPseudonym',
    'secretsmanager:GetSecretValue SecretsSealing',
    'secretsmanager:GetSecretValue SecretsEdge',
    'kms:Decrypt KeysData',
    'ses:SendEmail identity/mail.lindenlark.example',
    'sms-voice:SendTextMessage pool/pool-0123456789abcdef',
  ],
  authorizer: ['dynamodb:GetItem TablesRisk', 'dynamodb:UpdateItem TablesRisk', 'kms:Decrypt KeysData'],
  'audit-forwarder': [
    ...['BatchWriteItem', 'GetItem', 'PutItem'].map((action) => `dynamodb:${action} TablesAudit`),
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].flatMap((action) => [
      `dynamodb:${action} TablesAudit`,
      `dynamodb:${action} TablesRisk`,
    ]),
    'firehose:PutRecordBatch DeliveryStream',
    'events:PutEvents AuditBus',
    'kms:Sign CheckpointKey',
    'sqs:SendMessage ForwardingDeadLetters',
    'kms:Decrypt KeysData',
  ],
  notifier: [
    'dynamodb:GetItem TablesProfiles',
    ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesRisk`),
    'dynamodb:PutItem TablesAudit',
    'secretsmanager:GetSecretValue SecretsPseudonym',
    'kms:Decrypt KeysData',
    'ses:SendEmail identity/mail.lindenlark.example',
    'sms-voice:SendTextMessage pool/pool-0123456789abcdef',
    'sqs:SendMessage NoticesDeadLetters',
  ],
  'admin-api': [
    ...['GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'].map(
      (action) => `dynamodb:${action} TablesProfiles`,
    ),
    ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesRisk`),
    ...['Query', 'PutItem'].map((action) => `dynamodb:${action} TablesAudit`),
    'dynamodb:Query TablesConsents',
    'dynamodb:Query TablesStatistics',
    ...['GetUser', 'DisableUser', 'EnableUser', 'ResetUserPassword', 'UserGlobalSignOut'].map(
      (action) => `cognito-idp:Admin${action} DirectoryUserPool`,
    ),
    'cognito-idp:ListUsers DirectoryUserPool',
    'secretsmanager:GetSecretValue SecretsPseudonym',
    'kms:Decrypt KeysData',
  ],
  'recovery-guard': [
    ...['GetItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesProfiles`),
    'dynamodb:PutItem TablesAudit',
    'kms:Decrypt KeysData',
    'sqs:SendMessage NoticesDeadLetters',
  ],
  erasure: [
    ...['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
      (action) => `dynamodb:${action} TablesProfiles`,
    ),
    ...['Query', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} TablesRisk`),
    ...['Query', 'UpdateItem'].map((action) => `dynamodb:${action} TablesConsents`),
    'dynamodb:PutItem TablesAudit',
    ...['ListUsers', 'AdminGetUser', 'AdminDeleteUser'].map(
      (action) => `cognito-idp:${action} DirectoryUserPool`,
    ),
    'secretsmanager:GetSecretValue SecretsPseudonym',
    'kms:Decrypt KeysData',
    'ses:SendEmail identity/mail.lindenlark.example',
    'sqs:SendMessage NoticesDeadLetters',
  ],
  'session-registry': [
    ...['GetItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} TablesProfiles`),
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (action) => `dynamodb:${action} TablesAudit`,
    ),
    'sqs:SendMessage SessionRegistryDeadLetters',
    'kms:Decrypt KeysData',
  ],
  statistics: [
    ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} TablesStatistics`),
    ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
      (action) => `sqs:${action} StatisticsQueue`,
    ),
    'kms:Decrypt KeysData',
  ],
  'secret-rotation': [
    ...['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
      (action) => `secretsmanager:${action} SecretsSigning`,
    ),
    'kms:Decrypt KeysData',
    'kms:GenerateDataKey KeysData',
  ],
  housekeeping: [
    ...['ListUsers', 'AdminDeleteUser'].map((action) => `cognito-idp:${action} DirectoryUserPool`),
    ...['GetItem', 'PutItem'].map((action) => `dynamodb:${action} TablesRisk`),
    'dynamodb:PutItem TablesAudit',
    'kms:Decrypt KeysData',
  ],
};

const parts = [
  ...new Set(
    Object.values(grants)
      .flat()
      .map((grant) => grant.split(' ')[1] ?? ''),
  ),
];

function granted(statements: readonly Statement[]): string[] {
  const list = statements.flatMap(({ Action, Resource }) =>
    (Array.isArray(Resource) ? Resource : [Resource]).flatMap((resource: unknown) =>
      listed(Action).map(
        (action) =>
          `${action} ${parts.find((part) => JSON.stringify(resource).includes(part)) ?? JSON.stringify(resource)}`,
      ),
    ),
  );
  return [...new Set(list)].filter((grant) => !grant.startsWith('logs:')).sort();
}

describe.each(functionNames)('%s', (name) => {
  const [, fn] = functionNamed(dev, name);
  const roleId = (fn.Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];

  it('gets exactly the environment values it reads', () => {
    expect(Object.keys(environmentOf(fn)).sort()).toEqual(
      [...environments[name], 'PORTAL_URL', 'STAGE', 'VESTIBULE_FUNCTION'].sort(),
    );
  });

  it('may do exactly what it does', () => {
    expect(granted(statementsOf(dev, roleId))).toEqual([...new Set(grants[name])].sort());
  });

  it('has no managed policy beside its own and writes its own log only', () => {
    const role = ofType(dev, 'AWS::IAM::Role').find(([id]) => id === roleId)?.[1];
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    const logs = statementsOf(dev, roleId).filter(({ Action }) =>
      listed(Action).some((action) => action.startsWith('logs:')),
    );
    expect(logs.map(({ Action }) => Action)).toEqual([['logs:CreateLogStream', 'logs:PutLogEvents']]);
    const group = (fn.Properties.LoggingConfig as { LogGroup: { Ref: string } }).LogGroup.Ref;
    expect(logs.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [group, 'Arn'] }]);
  });

  it('uses the key only through the service that encrypts with it', () => {
    for (const { Action, Condition } of statementsOf(dev, roleId)) {
      const opens = listed(Action).some((action) => ['kms:Decrypt', 'kms:GenerateDataKey'].includes(action));
      if (opens) expect(JSON.stringify(Condition)).toContain('kms:ViaService');
    }
  });

  it('runs on Node 24 on arm64, with one handler, without tracing', () => {
    expect(fn.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
    expect(fn.Properties.TracingConfig).toBeUndefined();
  });
});

describe('what a function may do in the Risk table', () => {
  it.each([
    ['messages', [{ actions: ['dynamodb:PutItem'], keys: ['CODE-SENT#*'] }]],
    [
      'housekeeping',
      [
        { actions: ['dynamodb:GetItem'], keys: ['CODE-SENT#*', 'HOUSEKEEPING#*'] },
        { actions: ['dynamodb:PutItem'], keys: ['HOUSEKEEPING#*'] },
      ],
    ],
  ])('%s: its own items only', (name, expected) => {
    const role = (functionNamed(dev, name)[1].Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
    const found = statementsOf(dev, role)
      .filter(({ Resource }) => JSON.stringify(Resource).includes('TablesRisk'))
      .map(({ Action, Condition }) => ({
        actions: listed(Action),
        keys: listed(
          (Condition as Record<string, Record<string, string | string[]>>)['ForAllValues:StringLike']?.[
            'dynamodb:LeadingKeys'
          ] ?? [],
        ),
      }));
    expect(found).toEqual(expected);
  });
});

describe('housekeeping', () => {
  it('runs every hour, and is not tried again for a run that is over', () => {
    const rules = ofType(dev, 'AWS::Events::Rule').filter(
      ([, { Properties }]) => Properties.ScheduleExpression,
    );
    expect(rules).toHaveLength(1);
    expect(rules[0]?.[1].Properties).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ RetryPolicy: { MaximumEventAgeInSeconds: 1_800, MaximumRetryAttempts: 3 } }],
    });
  });
});

describe('triggers', () => {
  it.each(['registration', 'sign-in', 'messages'])('%s ends when Cognito stops waiting', (name) => {
    expect(functionNamed(dev, name)[1].Properties.Timeout).toBe(5);
  });
});

describe('policies', () => {
  it.each(['dev', 'prod'] as const)(
    'in %s name their resources; only object names of the archive and of the portal are open',
    (stage) => {
      const open = ofType(synthesize({ stage }), 'AWS::IAM::Policy').flatMap(([id, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: Statement[] }).Statement.filter(
          ({ Action, Resource }) =>
            JSON.stringify(Resource).includes('*') || listed(Action).some((action) => action.includes('*')),
        ).map(({ Action }) => `${id}: ${listed(Action).join(' ')}`),
      );
      expect(open).toEqual([
        expect.stringMatching(/^IdentityPortalFiles.*: s3:AbortMultipartUpload s3:PutObject$/),
        expect.stringMatching(/^IdentityAuditDelivery.*: s3:AbortMultipartUpload s3:PutObject$/),
      ]);
    },
  );
});
