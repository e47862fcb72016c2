import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { ServiceSecrets } from './service-secrets.ts';

export interface SigningKeyRotationProps {
  readonly functions: FunctionSetting;
  readonly secrets: ServiceSecrets;
}

/** New context signing key every 30 days. Readers accept the one before and the one after, so nothing is refused. */
export class SigningKeyRotation extends Construct {
  readonly rotation: ServiceFunction;

  constructor(scope: Construct, id: string, { functions, secrets }: SigningKeyRotationProps) {
    super(scope, id);
    this.rotation = new ServiceFunction(this, 'SecretRotation', {
      ...functions,
      name: 'secret-rotation',
      description: 'Rotates the key that signs request contexts',
      memoryMb: 256, // runs once a month
      timeout: Duration.seconds(30),
    });
    secrets.grantRotate(this.rotation, secrets.signing);
    this.rotation.function.addPermission('SecretsManager', {
      principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceArn: secrets.signing.secretArn,
    });
    // Not the L2 schedule: it grants secretsmanager:GetRandomPassword on everything, which this function does not use.
    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: secrets.signing.secretArn,
      rotationLambdaArn: this.rotation.function.functionArn,
      rotationRules: { scheduleExpression: 'rate(30 days)' },
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(this.rotation); // Secrets Manager tries the function when the schedule is made
  }
}
