import { RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../rules/acknowledge.ts';

export interface ServiceSecretsProps {
  readonly encryptionKey: kms.IKey;
  readonly retain: boolean;
  /** Whether there is a portal's distribution. */
  readonly edge: boolean;
}

/** Every secret is `{ "key": "<text>" }`. Construct ids are a contract: a rename makes a new secret. */
export class ServiceSecrets extends Construct {
  /** Signs request contexts; rotated by {@link SigningKeyRotation}. */
  readonly signing: secretsmanager.Secret;
  /** Seals refresh tokens. Not rotated on schedule: a version that is gone signs everybody out who is sealed by it. */
  readonly sealing: secretsmanager.Secret;
  /** Key of all pseudonyms. Never rotated: a new key would cut every history, counter and archive entry off. */
  readonly pseudonym: secretsmanager.Secret;
  /** Known to the portal's distribution, which proves by it that a request came through it; there with a portal. */
  readonly edge: secretsmanager.Secret | undefined;
  private readonly encryptionKey: kms.IKey;
  private readonly removalPolicy: RemovalPolicy;
  private readonly retain: boolean;

  constructor(scope: Construct, id: string, props: ServiceSecretsProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    this.retain = props.retain;
    this.removalPolicy = props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.signing = this.random('Signing', 'Signs request contexts');
    this.sealing = this.random('Sealing', 'Seals refresh tokens');
    acknowledge(this.sealing, {
      'AwsSolutions-SMG4':
        'A session may last for years and only the current and the previous version can be opened, so that a schedule would sign people out. It protects no more than what Cognito checks again at each refresh.',
    });
    this.pseudonym = this.random('Pseudonym', 'Keyed hashes that stand for addresses, networks and devices');
    acknowledge(this.pseudonym, {
      'AwsSolutions-SMG4':
        'A rotated pseudonym key would orphan every device history, counter and archived event, and so make a known attacker unknown. It never leaves the functions and is read by role.',
    });
    this.edge = props.edge ? this.edgeSecret() : undefined;
  }

  private edgeSecret(): secretsmanager.Secret {
    const edge = this.random('Edge', 'Sent by the distribution of the portal to the Identity API', {
      guarded: false,
    });
    acknowledge(edge, {
      'AwsSolutions-SMG4':
        'CloudFormation copies the value into distribution and web ACL when it deploys them; a schedule would take it from under them. It decides which address a request is counted by, and nothing else.',
    });
    return edge;
  }

  /** The secret of a confidential client, so that it reaches its function by role and not by environment. */
  ofClient(
    id: string,
    client: cognito.UserPoolClient,
    description = 'Client secret of the server client',
  ): secretsmanager.Secret {
    const clientSecret = (client.node.defaultChild as cognito.CfnUserPoolClient).attrClientSecret;
    const secret = new secretsmanager.Secret(this, id, {
      description,
      encryptionKey: this.encryptionKey,
      removalPolicy: this.removalPolicy,
      secretObjectValue: { key: SecretValue.resourceAttribute(clientSecret) },
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'Cognito makes the value and CloudFormation copies it; it changes with the client and is replaced by adding a second client, not by rotating a copy.',
    });
    return secret;
  }

  /** Lets `grantee` read current, previous and pending versions of one secret. */
  grantRead(grantee: iam.IGrantable, secret: secretsmanager.ISecret): void {
    this.grant(grantee, secret, ['secretsmanager:GetSecretValue'], ['kms:Decrypt']);
  }

  /** What a rotation function does to its one secret (Secrets Manager user guide, rotation function permissions). */
  grantRotate(grantee: iam.IGrantable, secret: secretsmanager.ISecret): void {
    const actions = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
    this.grant(
      grantee,
      secret,
      actions.map((action) => `secretsmanager:${action}`),
      ['kms:Decrypt', 'kms:GenerateDataKey'],
    );
  }

  /** @param guarded - against deletion by hand where data is retained */
  private random(
    id: string,
    description: string,
    { guarded } = { guarded: this.retain },
  ): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, id, {
      description,
      encryptionKey: this.encryptionKey,
      removalPolicy: this.removalPolicy,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'key',
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    if (guarded) secret.denyAccountRootDelete();
    return secret;
  }

  private grant(
    grantee: iam.IGrantable,
    secret: secretsmanager.ISecret,
    actions: readonly string[],
    keyActions: readonly string[],
  ): void {
    iam.Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [secret.secretArn] });
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [...keyActions],
        resources: [this.encryptionKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` },
        },
      }),
    );
  }
}
