import { Annotations, Lazy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ApiFunctions } from './api/api-functions.ts';
import { IdentityApi, stageName } from './api/identity-api.ts';
import type { RequestValidation } from './api/request-models.ts';
import { TokenAuthorizer } from './api/token-authorizer.ts';
import { AuditStream } from './audit/audit-stream.ts';
import { RecoveryGuard } from './audit/recovery-guard.ts';
import { SessionRegistry } from './audit/session-registry.ts';
import { SignInNotices } from './audit/sign-in-notices.ts';
import { allBrands, brandOfClientNamed } from './config/brands.ts';
import { compileConfig } from './config/compile.ts';
import { defineConfig } from './config/define-config.ts';
import { passkeyOrigins, relyingPartyId } from './config/passkeys.ts';
import { deployedPortal } from './config/portal.ts';
import { providerName } from './config/providers.ts';
import type { StageConfig, StageName, VestibuleConfig } from './config/types.ts';
import { EncryptionKeys } from './data/encryption-keys.ts';
import { IdentityTables } from './data/identity-tables.ts';
import { EdgeProtection } from './edge/edge-protection.ts';
import { useOurFeatureFlags } from './feature-flags.ts';
import { AbandonedRegistrations } from './identity/abandoned-registrations.ts';
import { AccessModel } from './identity/access-model.ts';
import { AppClients } from './identity/app-clients.ts';
import { ClientDirectory } from './identity/client-directory.ts';
import { MailIdentity } from './identity/mail-identity.ts';
import { ManagedLogin } from './identity/managed-login.ts';
import { Migration } from './identity/migration.ts';
import { PoolTriggers } from './identity/pool-triggers.ts';
import { IdentityProviders } from './identity/providers/identity-providers.ts';
import { ServiceSecrets } from './identity/service-secrets.ts';
import { SigningKeyRotation } from './identity/signing-key-rotation.ts';
import { SmsOrigin } from './identity/sms-origin.ts';
import { UserDirectory } from './identity/user-directory.ts';
import { alarmTopic } from './operations/alarm-topic.ts';
import { Alarms } from './operations/alarms.ts';
import { OperationsDashboard } from './operations/dashboard.ts';
import { LogGroups } from './operations/log-groups.ts';
import type { Watched } from './operations/metrics.ts';
import { Statistics } from './operations/statistics.ts';
import { defaultSessionDays } from './parameters/environment.ts';
import { OperatorParameters } from './parameters/operator-parameters.ts';
import { Portal, portalUrl } from './portal/portal.ts';
import { portalConfiguration } from './portal/portal-configuration.ts';
import { PersonErasure } from './privacy/person-erasure.ts';

export interface CustomerIdentityProps {
  /** What `defineConfig` checked. */
  readonly config: VestibuleConfig;
  /** @default 'dev' */
  readonly stage?: StageName;
  /** Key of tables, secrets and queues. @default - a new customer managed key with yearly rotation */
  readonly dataKey?: kms.IKey;
  /** Where alarms go. @default - a new encrypted topic; subscribe to it */
  readonly alarmTopic?: sns.ITopic;
  /**
   * Of this installation, unique in the account and Region: names what AWS will not name itself (dashboard, Athena
   * database, WAF log groups) and what people look for (pool, API). Lower-case letters, digits and hyphens; never change it.
   * @default `vestibule-<stage>`, with the parameter prefix behind it where there is one
   */
  readonly name?: string;
  /** Put in front of the parameter names, for two installations in one stack. @default '' */
  readonly parameterPrefix?: string;
  /** How much of a body the gateway checks before the function does. @default 'shape' */
  readonly requestValidation?: RequestValidation;
  /** Folder with one built bundle per function. @default - `dist/lambdas` of this package */
  readonly bundles?: string;
  /** Folder with the built pages of the portal. @default - `dist/portal` of this package */
  readonly pages?: string;
}

const litePlan =
  'plan lite: access tokens carry no scopes or claims of ours, so the signed-in routes of the Identity API refuse every caller';

/**
 * The whole of Vestibule as one construct: user pool with its triggers, tables, Identity API, web ACLs, audit stream,
 * alarms. Retained when the stack is deleted, unless the stage's data is disposable.
 */
export class CustomerIdentity extends Construct {
  readonly directory: UserDirectory;
  readonly clients: AppClients;
  /** Absent without `managedLogin` in the stage's configuration. */
  readonly managedLogin: ManagedLogin | undefined;
  readonly tables: IdentityTables;
  readonly api: IdentityApi;
  readonly edge: EdgeProtection;
  readonly audit: AuditStream;
  readonly triggers: PoolTriggers;
  readonly secrets: ServiceSecrets;
  readonly parameters: OperatorParameters;
  readonly alarmTopic: sns.ITopic;
  /** Absent where the configuration names pages elsewhere. */
  readonly portal: Portal | undefined;
  /** Where links in mails lead. */
  readonly portalUrl: string;

  constructor(scope: Construct, id: string, props: CustomerIdentityProps) {
    super(scope, id);
    useOurFeatureFlags(this);
    const config = defineConfig(props.config);
    const stage = props.stage ?? 'dev';
    const settings = config.stages[stage];
    const retain = settings.data !== 'disposable';
    const name = installationName(stage, props);

    if (config.plan === 'lite') Annotations.of(this).addWarningV2('vestibule:lite', litePlan);

    this.parameters = new OperatorParameters(this, 'Parameters', {
      prefix: props.parameterPrefix,
      defaults: { PasskeyOrigins: passkeyOrigins(settings).join(',') },
    });
    const keys = new EncryptionKeys(this, 'Keys', { name, retain, data: props.dataKey });
    const logs = new LogGroups({ parameters: this.parameters, encryptionKey: keys.operations, retain });

    const migration = config.migration?.enabled ? config.migration : undefined;
    this.tables = new IdentityTables(this, 'Tables', {
      encryptionKey: keys.data,
      retain,
      migration: migration !== undefined,
    });
    const pages = deployedPortal(settings);
    this.secrets = new ServiceSecrets(this, 'Secrets', {
      encryptionKey: keys.data,
      retain,
      edge: pages !== undefined,
    });
    this.portal =
      pages &&
      this.secrets.edge &&
      new Portal(this, 'Portal', {
        name,
        portal: pages,
        configuration: portalConfiguration(config, stage),
        // The API comes after the functions, which need to know where the portal is.
        api: { id: Lazy.string({ produce: () => this.api.api.restApiId }), stage: stageName },
        edgeSecret: this.secrets.edge,
        logs,
        pages: props.pages,
      });
    this.portalUrl = portalUrl(this, this.parameters, this.portal?.url ?? ownPages(settings));
    const functions = {
      configuration: compileConfig(config, stage),
      portalUrl: this.portalUrl,
      logs,
      bundles: props.bundles,
    };
    const mail = new MailIdentity(this, 'Mail', { mail: config.mail, brands: allBrands(config) });
    const sms = new SmsOrigin(this, 'Sms', {
      sms: settings.sms,
      tables: this.tables,
      parameters: this.parameters,
    });
    this.directory = new UserDirectory(this, 'Directory', { config, stage: settings, name, mail, retain });
    const shared = {
      functions,
      directory: this.directory,
      tables: this.tables,
      secrets: this.secrets,
      mail,
      sms,
      parameters: this.parameters,
      relyingPartyId: relyingPartyId(settings),
    };
    this.triggers = new PoolTriggers(this, 'Triggers', { ...shared, installation: name });
    const access = new AccessModel(this, 'Access', {
      pool: this.directory.pool,
      tiers: config.tiers,
      apis: config.apis ?? [],
    });
    const providers = new IdentityProviders(this, 'Providers', {
      directory: this.directory,
      providers: config.providers ?? [],
      stage,
      registration: this.triggers.registration,
    });
    this.clients = new AppClients(this, 'Clients', {
      directory: this.directory,
      access,
      stageName: stage,
      stage: settings,
      clients: config.clients ?? [],
      migration: migration !== undefined,
      ...(settings.managedLogin &&
        config.providers?.length &&
        (this.portal || ownPages(settings)) && {
          portal: { url: this.portalUrl, providers: config.providers.map(providerName) },
        }),
    });
    // A client may only name providers that are there.
    for (const { client } of this.clients.configured) client.node.addDependency(providers);
    this.clients.portal?.node.addDependency(providers);
    new ClientDirectory(this, 'ClientDirectory', { name, clients: this.clients.all });
    this.managedLogin =
      settings.managedLogin &&
      new ManagedLogin(this, 'ManagedLogin', {
        directory: this.directory,
        config: settings.managedLogin,
        clients: this.clients.configured,
        portal: this.clients.portal,
        brandOf: (client) => brandOfClientNamed(config, client),
      });
    this.keepClientSecrets();

    const sessionDays = settings.sessionDays ?? defaultSessionDays;
    const apiFunctions = new ApiFunctions(this, 'ApiFunctions', {
      ...shared,
      clients: this.clients,
      sessionDays,
      serverClientSecret: this.secrets.ofClient('ServerClient', this.clients.server),
    });
    if (migration && this.clients.migration) {
      new Migration(this, 'Migration', {
        config: migration,
        installation: name,
        directory: this.directory,
        tables: this.tables,
        secrets: this.secrets,
        triggers: this.triggers,
        authApi: apiFunctions.auth,
        client: this.clients.migration,
      });
    }
    const authorizer = new TokenAuthorizer(this, 'Authorization', {
      ...shared,
      clients: this.clients,
      sessionDays,
    });
    this.api = new IdentityApi(this, 'Api', {
      name,
      handlers: {
        'auth-api': apiFunctions.auth.function,
        'account-api': apiFunctions.account.function,
        'admin-api': apiFunctions.admin.function,
      },
      authorizer: authorizer.authorizer,
      origins: settings.origins,
      logs,
      createLogRole: settings.apiGatewayLogRole !== 'existing',
      requestValidation: props.requestValidation,
    });
    this.edge = new EdgeProtection(this, 'Edge', {
      name,
      botControl: settings.botControl ?? 'off',
      edgeSecret: this.secrets.edge,
      api: this.api.api,
      directory: this.directory,
      clients: this.clients,
      parameters: this.parameters,
      logs,
    });
    this.audit = new AuditStream(this, 'Audit', {
      name,
      functions,
      tables: this.tables,
      parameters: this.parameters,
      keys,
      retain,
      archive: settings.archive,
    });
    const notices = new SignInNotices(this, 'Notices', { ...shared, bus: this.audit.bus });
    const guard = new RecoveryGuard(this, 'RecoveryGuard', {
      functions,
      bus: this.audit.bus,
      tables: this.tables,
      parameters: this.parameters,
      deadLetters: notices.deadLetters,
    });
    const erasure = new PersonErasure(this, 'Erasure', {
      ...shared,
      bus: this.audit.bus,
      sessionDays,
      deadLetters: notices.deadLetters,
    });
    const registry = new SessionRegistry(this, 'SessionRegistry', {
      functions,
      tables: this.tables,
      parameters: this.parameters,
    });
    const statistics = new Statistics(this, 'Statistics', {
      functions,
      bus: this.audit.bus,
      tables: this.tables,
    });
    const rotation = new SigningKeyRotation(this, 'Rotation', { functions, secrets: this.secrets });
    const abandoned = new AbandonedRegistrations(this, 'AbandonedRegistrations', shared);

    this.alarmTopic = props.alarmTopic ?? alarmTopic(this, 'AlarmTopic', keys.operations);
    this.operate(name, {
      triggers: {
        Registration: this.triggers.registration,
        SignIn: this.triggers.signIn,
        Messages: this.triggers.messages,
      },
      apiFunctions: {
        AuthApi: apiFunctions.auth,
        AccountApi: apiFunctions.account,
        AdminApi: apiFunctions.admin,
        Authorizer: authorizer.function,
      },
      background: {
        AuditForwarder: this.audit.forwarding.forwarder,
        Notifier: notices.notifier,
        Erasure: erasure.function,
        RecoveryGuard: guard.function,
        SecretRotation: rotation.rotation,
        SessionRegistry: registry.function,
        Statistics: statistics.function,
      },
      scheduled: { Housekeeping: abandoned.housekeeping },
      api: this.api.api,
      deadLetters: {
        Audit: this.audit.forwarding.deadLetters,
        Sessions: registry.deadLetters,
        Notices: notices.deadLetters,
        Statistics: statistics.deadLetters,
      },
      delivery: this.audit.delivery.stream,
      bus: this.audit.bus,
      deniedRule: this.countDenials(),
      tables: this.tables.all,
    });
  }

  /** Of the configured clients that have one: whoever runs the app reads it there, and nowhere else. */
  private keepClientSecrets(): void {
    for (const { config, client } of this.clients.configured) {
      const hasSecret = config.door === 'machine' || (config.door === 'managed-login' && config.confidential);
      if (!hasSecret) continue;
      this.secrets.ofClient(`Client-${config.name}`, client, `Client secret of the client ${config.name}`);
    }
  }

  /** Has no target: EventBridge counts what a rule matches, and the alarm reads that count. */
  private countDenials(): events.Rule {
    return new events.Rule(this, 'DeniedSignIns', {
      eventBus: this.audit.bus,
      description: 'Refused sign-ins; counted by EventBridge for the alarm',
      eventPattern: { source: ['vestibule'], detailType: ['sign-in.refused'] },
    });
  }

  private operate(name: string, watched: Watched): void {
    const alarms = new Alarms(this, 'Alarms', {
      watched,
      parameters: this.parameters,
      topic: this.alarmTopic,
    });
    new OperationsDashboard(this, 'Operations', { name, watched, alarms });
  }
}

const ownPages = ({ portal }: StageConfig): string => (portal && 'url' in portal ? portal.url : '');

/** The shortest of the names made from it allows 128 characters; this leaves room for what is put around it. */
const namePattern = /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/;

function installationName(
  stage: StageName,
  { name, parameterPrefix }: Pick<CustomerIdentityProps, 'name' | 'parameterPrefix'>,
): string {
  const chosen =
    name ?? ['vestibule', stage, ...(parameterPrefix ? [parameterPrefix.toLowerCase()] : [])].join('-');
  if (!namePattern.test(chosen)) {
    throw new Error(`name: expected 2 to 64 lower-case letters, digits and hyphens, got "${chosen}"`);
  }
  return chosen;
}
