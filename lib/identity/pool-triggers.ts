import { Duration, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import { codeEnvironment, passkeyEnvironment, riskEnvironment } from '../parameters/environment.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { clientDirectoryName } from './client-directory.ts';
import type { MailIdentity } from './mail-identity.ts';
import type { ServiceSecrets } from './service-secrets.ts';
import type { SmsOrigin } from './sms-origin.ts';
import type { UserDirectory } from './user-directory.ts';

export interface PoolTriggersProps {
  /** Name of the installation. */
  readonly installation: string;
  readonly functions: FunctionSetting;
  readonly directory: UserDirectory;
  readonly tables: IdentityTables;
  readonly secrets: ServiceSecrets;
  readonly mail: MailIdentity;
  readonly sms: SmsOrigin;
  readonly parameters: OperatorParameters;
  /** Domain that passkeys belong to. */
  readonly relyingPartyId: string;
}

/** Cognito waits 5 s for a trigger and gives up; running on would only cost money. */
export const triggerSeconds = 5;

/**
 * Three functions by life-cycle, so that one sign-in warms one environment. None of them may name the pool or a
 * client, neither in its environment nor in its role: the pool names them (circular). Events carry the pool id.
 */
export class PoolTriggers extends Construct {
  readonly registration: ServiceFunction;
  readonly signIn: ServiceFunction;
  readonly messages: ServiceFunction;

  constructor(scope: Construct, id: string, props: PoolTriggersProps) {
    super(scope, id);
    this.registration = this.registrationFunction(props);
    this.signIn = this.signInFunction(props);
    this.messages = new ServiceFunction(this, 'Messages', {
      ...props.functions,
      name: 'messages',
      description: 'Texts of the mails that Cognito sends',
      memoryMb: 256, // formats text
      timeout: Duration.seconds(triggerSeconds),
      environment: {
        RISK_TABLE: props.tables.all.risk.tableName,
        CLIENTS_PARAMETER: clientDirectoryName(props.installation),
      },
    });
    // Mails of Cognito speak for the brand of the app that asked.
    this.grantClientNames(this.messages, props.installation);
    props.tables.grantItems(this.messages, 'risk', ['CODE-SENT#'], 'PutItem');
    this.wire(props.directory);
  }

  private registrationFunction(props: PoolTriggersProps): ServiceFunction {
    const { tables, secrets, parameters } = props;
    const registration = new ServiceFunction(this, 'Registration', {
      ...props.functions,
      name: 'registration',
      description: 'Checks registrations and turns confirmed ones into profiles',
      memoryMb: 512, // one transaction and a few HMACs; start-up time is what memory buys here
      timeout: Duration.seconds(triggerSeconds),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        CONSENTS_TABLE: tables.all.consents.tableName,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        SIGNING_SECRET: secrets.signing.secretArn,
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
        CONTEXT_MANDATORY: parameters.text('ContextMandatory'),
      },
    });
    // The profile, who has an address or a provider's account, and the links of a person.
    tables.grant(registration, 'profiles', 'GetItem', 'PutItem', 'UpdateItem');
    tables.grant(registration, 'consents', 'PutItem');
    tables.grant(registration, 'risk', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    tables.grant(registration, 'audit', 'PutItem');
    secrets.grantRead(registration, secrets.signing);
    secrets.grantRead(registration, secrets.pseudonym);
    return registration;
  }

  private signInFunction(props: PoolTriggersProps): ServiceFunction {
    const { tables, secrets, parameters, mail } = props;
    const signIn = new ServiceFunction(this, 'SignIn', {
      ...props.functions,
      name: 'sign-in',
      description: 'Decides on sign-ins, runs the challenge rounds and fills tokens',
      memoryMb: 512, // four calls per sign-in, each waiting for one or two DynamoDB answers
      timeout: Duration.seconds(triggerSeconds),
      environment: {
        RISK_TABLE: tables.all.risk.tableName,
        CONSENTS_TABLE: tables.all.consents.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        PROFILES_TABLE: tables.all.profiles.tableName,
        SIGNING_SECRET: secrets.signing.secretArn,
        SEALING_SECRET: secrets.sealing.secretArn,
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
        CLIENTS_PARAMETER: clientDirectoryName(props.installation),
        ...riskEnvironment(parameters),
        ...codeEnvironment(parameters),
        ...passkeyEnvironment(parameters, props.relyingPartyId),
      },
    });
    tables.grant(signIn, 'risk', 'GetItem', 'PutItem', 'UpdateItem');
    // What a person enrolled, and the use of it; whether an operator has locked the account.
    tables.grant(signIn, 'profiles', 'GetItem', 'Query', 'UpdateItem');
    tables.grant(signIn, 'consents', 'Query');
    tables.grant(signIn, 'audit', 'PutItem');
    secrets.grantRead(signIn, secrets.signing);
    secrets.grantRead(signIn, secrets.pseudonym);
    secrets.grantRead(signIn, secrets.sealing);
    // Token generation tells the clients' doors apart, and policies may differ by client.
    this.grantClientNames(signIn, props.installation);
    mail.grantSend(signIn);
    props.sms.grantSend(signIn);
    return signIn;
  }

  /** By its plain name: the parameter lists the clients, which name the pool. */
  private grantClientNames(grantee: ServiceFunction, installation: string): void {
    const resourceName = clientDirectoryName(installation).slice(1);
    const parameterArn = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    const actions = ['ssm:GetParameter'];
    iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [parameterArn] });
  }

  private wire({ pool, plan }: UserDirectory): void {
    const on = cognito.UserPoolOperation;
    pool.addTrigger(on.PRE_SIGN_UP, this.registration.function);
    pool.addTrigger(on.POST_CONFIRMATION, this.registration.function);
    pool.addTrigger(on.CUSTOM_MESSAGE, this.messages.function);
    // No PreAuthentication: Cognito does not promise it for CUSTOM_AUTH, and it sees neither address nor device, so that a
    // refusal would hit the person and the attacker alike. It would cost every sign-in a call for nothing.
    for (const operation of [
      on.DEFINE_AUTH_CHALLENGE,
      on.CREATE_AUTH_CHALLENGE,
      on.VERIFY_AUTH_CHALLENGE_RESPONSE,
      on.POST_AUTHENTICATION,
    ]) {
      pool.addTrigger(operation, this.signIn.function);
    }
    // V2 writes access tokens too, which the Lite plan does not have.
    const version = plan === 'lite' ? cognito.LambdaVersion.V1_0 : cognito.LambdaVersion.V2_0;
    pool.addTrigger(on.PRE_TOKEN_GENERATION_CONFIG, this.signIn.function, version);
  }
}
