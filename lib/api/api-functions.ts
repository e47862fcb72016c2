import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { AppClients } from '../identity/app-clients.ts';
import type { MailIdentity } from '../identity/mail-identity.ts';
import type { ServiceSecrets } from '../identity/service-secrets.ts';
import type { SmsOrigin } from '../identity/sms-origin.ts';
import type { UserDirectory } from '../identity/user-directory.ts';
import { lifetimeEnvironment, passkeyEnvironment } from '../parameters/environment.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { adminApi } from './admin-api.ts';

export interface ApiFunctionsProps {
  readonly functions: FunctionSetting;
  readonly directory: UserDirectory;
  readonly clients: AppClients;
  readonly tables: IdentityTables;
  readonly secrets: ServiceSecrets;
  readonly serverClientSecret: secretsmanager.ISecret;
  readonly mail: MailIdentity;
  readonly sms: SmsOrigin;
  readonly parameters: OperatorParameters;
  /** Domain that passkeys belong to. */
  readonly relyingPartyId: string;
  /** Absolute lifetime of a session. */
  readonly sessionDays: number;
}

const ownItems = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] as const;

/** One function per trust boundary: strangers (`auth-api`), signed-in people (`account-api`), operators (`admin-api`). */
export class ApiFunctions extends Construct {
  readonly auth: ServiceFunction;
  readonly account: ServiceFunction;
  readonly admin: ServiceFunction;

  constructor(scope: Construct, id: string, props: ApiFunctionsProps) {
    super(scope, id);
    this.auth = this.authApi(props);
    this.account = this.accountApi(props);
    this.admin = adminApi(this, props);
  }

  /** Cognito's client operations are public: no IAM, the client's secret is the proof. */
  private authApi(props: ApiFunctionsProps): ServiceFunction {
    const { directory, clients, tables, secrets, serverClientSecret, mail, parameters } = props;
    const portal = clients.portal && {
      client: clients.portal,
      secret: secrets.ofClient('PortalClient', clients.portal, 'Client secret of the portal'),
    };
    const auth = new ServiceFunction(this, 'AuthApi', {
      ...props.functions,
      name: 'auth-api',
      description: 'Identity API for strangers: registration, sign-in, recovery',
      memoryMb: 1024, // SRP is the one thing here that computes: three 3072-bit exponentiations per sign-in
      timeout: Duration.seconds(20), // a sign-in is two Cognito calls with triggers of up to 5 s each
      environment: {
        USER_POOL_ID: directory.pool.userPoolId,
        WEB_CLIENT_ID: clients.web.userPoolClientId,
        SERVER_CLIENT_ID: clients.server.userPoolClientId,
        SERVER_CLIENT_SECRET: serverClientSecret.secretArn,
        PROFILES_TABLE: tables.all.profiles.tableName,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        RECOVERY_DELAY_HOURS: parameters.text('RecoveryDelayHours'),
        SIGNING_SECRET: secrets.signing.secretArn,
        RELYING_PARTY_ID: props.relyingPartyId,
        SEALING_SECRET: secrets.sealing.secretArn,
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
        ...edgeEnvironment(secrets),
        UNIFORM_ANSWER_MS: parameters.text('UniformAnswerMs'),
        REGISTRATIONS_PER_ADDRESS_PER_HOUR: parameters.text('RegistrationsPerAddressPerHour'),
        CODE_LIFETIME_SECONDS: parameters.text('CodeLifetimeSeconds'),
        CONTEXT_MANDATORY: parameters.text('ContextMandatory'),
        ...(portal && {
          ISSUER: directory.pool.userPoolProviderUrl,
          PORTAL_CLIENT_ID: portal.client.userPoolClientId,
          PORTAL_CLIENT_SECRET: portal.secret.secretArn,
        }),
        ...lifetimeEnvironment(parameters, props.sessionDays),
      },
    });
    tables.grant(auth, 'risk', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    // Recoveries: the claim of an address, the recovery and the further factors that a completed one removes.
    tables.grant(auth, 'profiles', ...ownItems);
    tables.grant(auth, 'audit', 'PutItem');
    for (const secret of [secrets.signing, secrets.sealing, secrets.pseudonym, serverClientSecret])
      secrets.grantRead(auth, secret);
    if (secrets.edge) secrets.grantRead(auth, secrets.edge);
    if (portal) secrets.grantRead(auth, portal.secret);
    mail.grantSend(auth);
    // After a password reset: refresh tokens of SDKs.
    directory.pool.grant(auth, 'cognito-idp:AdminUserGlobalSignOut');
    return auth;
  }

  private accountApi(props: ApiFunctionsProps): ServiceFunction {
    const { functions, directory, tables, secrets, mail, parameters } = props;
    const account = new ServiceFunction(this, 'AccountApi', {
      ...functions,
      name: 'account-api',
      description: 'Identity API for signed-in people: profile, consents, factors, password, activity',
      memoryMb: 512, // waits for DynamoDB
      timeout: Duration.seconds(10),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        CONSENTS_TABLE: tables.all.consents.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
        ...edgeEnvironment(secrets),
        SEALING_SECRET: secrets.sealing.secretArn,
        RISK_TABLE: tables.all.risk.tableName,
        USER_POOL_ID: directory.pool.userPoolId,
        POOL_SESSIONS: parameters.text('PoolSessions'),
        CODE_LIFETIME_SECONDS: parameters.text('CodeLifetimeSeconds'),
        UNIFORM_ANSWER_MS: parameters.text('UniformAnswerMs'),
        ...passkeyEnvironment(parameters, props.relyingPartyId),
        ...lifetimeEnvironment(parameters, props.sessionDays),
      },
    });
    // Factors are items of their own, and so is the claim of an address.
    tables.grant(account, 'profiles', ...ownItems);
    // Changes under way; the end of all sessions and of what devices had proven.
    tables.grantItems(account, 'risk', ['CHANGE#'], 'PutItem', 'UpdateItem', 'DeleteItem');
    tables.grantItems(account, 'risk', ['SUB#'], 'PutItem');
    // One's own sessions and devices: the end of one, of all others, and of what a sign-in knows a device by.
    tables.grantItems(account, 'risk', ['SUB#', 'BROWSER#', 'ACCOUNT#'], 'GetItem');
    tables.grantItems(account, 'risk', ['SUB#', 'SESSION#', 'ACCOUNT#'], 'UpdateItem');
    tables.grantItems(account, 'risk', ['ACCOUNT#'], 'UpdateItem');
    directory.pool.grant(
      account,
      'cognito-idp:AdminDisableUser', // at the request to erase the account
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminUpdateUserAttributes',
      'cognito-idp:AdminUserGlobalSignOut',
      'cognito-idp:AdminLinkProviderForUser',
      'cognito-idp:AdminDisableProviderForUser',
    );
    grantPoolSessions(account, directory);
    // Provider sign-ins that wait for their owner.
    tables.grantItems(account, 'risk', ['LINK#'], 'UpdateItem', 'DeleteItem');
    secrets.grantRead(account, secrets.sealing);
    if (secrets.edge) secrets.grantRead(account, secrets.edge);
    mail.grantSend(account);
    props.sms.grantSend(account);
    // Neither update nor delete: what is in the ledger stays as it was written.
    tables.grant(account, 'consents', 'Query', 'PutItem');
    tables.grant(account, 'audit', 'Query', 'PutItem');
    secrets.grantRead(account, secrets.pseudonym);
    return account;
  }
}

/** For the functions that count by address. */
const edgeEnvironment = ({ edge }: ServiceSecrets): Record<string, string> =>
  edge ? { EDGE_SECRET: edge.secretArn } : {};

/** In a policy of its own: cfn-lint 1.58 does not know these actions of autumn 2026 and is told so here, not for others. */
function grantPoolSessions(account: ServiceFunction, { pool }: UserDirectory): void {
  const policy = new iam.Policy(account, 'PoolSessions', {
    roles: [account.role],
    statements: [
      new iam.PolicyStatement({
        actions: ['cognito-idp:AdminListUserSessions', 'cognito-idp:AdminRevokeUserSession'],
        resources: [pool.userPoolArn],
      }),
    ],
  });
  const resource = policy.node.defaultChild as iam.CfnPolicy;
  resource.addMetadata('cfn-lint', { config: { ignore_checks: ['W3037'] } });
}
