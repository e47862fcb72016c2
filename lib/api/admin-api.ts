import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ServiceFunction } from '../functions/service-function.ts';
import type { ApiFunctionsProps } from './api-functions.ts';

/** What operators do. The only function that may lock an account, and the only one that reads the index of sessions. */
export function adminApi(scope: Construct, props: ApiFunctionsProps): ServiceFunction {
  const { functions, directory, clients, tables, secrets, parameters } = props;
  const admin = new ServiceFunction(scope, 'AdminApi', {
    ...functions,
    name: 'admin-api',
    description: 'Identity API for operators: people, locks, ending sessions',
    memoryMb: 512, // waits for DynamoDB and Cognito
    timeout: Duration.seconds(29), // as long as API Gateway waits: a preview counts thousands of sessions
    environment: {
      USER_POOL_ID: directory.pool.userPoolId,
      CLIENT_IDS: clients.all.map(({ clientId }) => clientId).join(','),
      PROFILES_TABLE: tables.all.profiles.tableName,
      RISK_TABLE: tables.all.risk.tableName,
      AUDIT_TABLE: tables.all.audit.tableName,
      CONSENTS_TABLE: tables.all.consents.tableName,
      STATISTICS_TABLE: tables.all.statistics.tableName,
      AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
      PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
      RECOVERY_DELAY_HOURS: parameters.text('RecoveryDelayHours'),
    },
  });
  tables.grant(admin, 'profiles', 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem');
  tables.grantIndex(admin, 'profiles', 'sessionsByCohort');
  tables.grantItems(admin, 'risk', ['COHORT#'], 'GetItem', 'PutItem', 'UpdateItem');
  tables.grantItems(admin, 'risk', ['SUB#'], 'PutItem');
  tables.grantItems(admin, 'risk', ['SESSION#', 'ACCOUNT#'], 'UpdateItem');
  tables.grantItems(admin, 'risk', ['FLOW#'], 'GetItem');
  tables.grant(admin, 'audit', 'PutItem', 'Query');
  tables.grant(admin, 'consents', 'Query');
  tables.grant(admin, 'statistics', 'Query');
  directory.pool.grant(
    admin,
    'cognito-idp:AdminGetUser',
    'cognito-idp:ListUsers', // people who came from a provider, by their sub
    'cognito-idp:AdminDisableUser',
    'cognito-idp:AdminEnableUser',
    'cognito-idp:AdminResetUserPassword',
    'cognito-idp:AdminUserGlobalSignOut',
  );
  secrets.grantRead(admin, secrets.pseudonym);
  return admin;
}
