import {
  AwsError,
  type Cloud,
  type ResourceProvider,
  type ResourceRequest,
  type Service,
} from '../../platform.ts';
import { physicalName } from '../arns.ts';
import { Background } from '../background.ts';
import { Fields } from '../fields.ts';
import { jsonApi } from '../json-api.ts';
import { generateSecret } from './generate.ts';
import { secretOperations } from './operations.ts';
import { due, openRotation, rotationIntervalMs, runRotation } from './rotation.ts';
import { type Secret, Secrets } from './secrets.ts';

const lookForDueMs = 1_000;

export function secretsManagerService(cloud: Cloud): Service {
  const secrets = new Secrets(cloud);
  const rotator = new Rotator(cloud, secrets);
  const rotations = new Background({
    intervalMs: lookForDueMs,
    failed: (error) => cloud.log.error('secretsmanager: due rotations', { error }),
    work: async () => {
      for (const secret of due(secrets, cloud.clock.now())) await rotator.start(secret);
    },
  });
  return {
    name: 'secretsmanager',
    providers: [secretProvider(secrets), rotationProvider(secrets), policyProvider],
    api: jsonApi(
      'secretsmanager',
      secretOperations(cloud, secrets, (secret, token) => rotator.start(secret, token)),
      {
        invalid: 'InvalidParameterException',
      },
    ),
    ready: async () => rotations.start(),
    stop: async () => {
      await rotations.stop();
      await rotator.finished();
    },
  };
}

class Rotator {
  private readonly cloud: Cloud;
  private readonly secrets: Secrets;
  private readonly running = new Map<string, Promise<void>>();

  constructor(cloud: Cloud, secrets: Secrets) {
    this.cloud = cloud;
    this.secrets = secrets;
  }

  /** @returns the version id; the steps run on, one rotation of a secret at a time */
  async start(secret: Secret, token?: string): Promise<string> {
    const id = await openRotation(this.secrets, secret, token);
    if (!this.running.has(secret.name)) this.running.set(secret.name, this.run(secret.name, id));
    return id;
  }

  async finished(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async run(name: string, id: string): Promise<void> {
    try {
      await runRotation(this.cloud, this.secrets, name, id);
    } catch (error) {
      this.cloud.log.error('secretsmanager: a rotation failed', { error });
      // tried again when the next one is due, as AWS does
      await this.secrets.keep({ ...this.secrets.find(name), rotatedAt: this.cloud.clock.now() });
    } finally {
      this.running.delete(name);
    }
  }
}

/** A value is generated once; later starts keep what is there. */
const secretProvider = (secrets: Secrets): ResourceProvider => ({
  type: 'AWS::SecretsManager::Secret',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const name = properties.optionalText('Name') ?? physicalName(request.logicalId, request.suffix);
    const keyArn = properties.optionalText('KmsKeyId');
    const description = properties.optionalText('Description') ?? '';
    const secret = await secrets.create(name, { description, ...(keyArn && { keyArn }) });
    const string = initialValue(properties);
    const hasValue = Object.keys(secret.versions).length > 0;
    if (!hasValue && string !== undefined) await secrets.put(secret, { string });
    return { physicalId: secret.arn, attributes: { Id: secret.arn } };
  },
});

function initialValue(properties: Fields): string | undefined {
  const rules = properties.optionalObject('GenerateSecretString');
  return rules ? generateSecret(rules) : properties.optionalText('SecretString');
}

/** The first rotation is due after the interval: rotating at creation would only replace a value nobody has used. */
const rotationProvider = (secrets: Secrets): ResourceProvider => ({
  type: 'AWS::SecretsManager::RotationSchedule',
  provision: async (request: ResourceRequest) => {
    const properties = new Fields(request.properties);
    const secret = secrets.find(properties.text('SecretId'));
    const rules = properties.optionalObject('RotationRules');
    const days = rules?.optionalInteger('AutomaticallyAfterDays', { min: 1, max: 1_000 });
    const everyMs = rotationIntervalMs(days, rules?.optionalText('ScheduleExpression'));
    if (everyMs === undefined) {
      throw new AwsError(
        'UnsupportedResource',
        `${request.logicalId}: RotationRules: only days and rate(…) are implemented locally`,
      );
    }
    await secrets.keep({
      ...secret,
      rotation: { functionArn: properties.text('RotationLambdaARN'), everyMs },
    });
    return { physicalId: secret.arn, attributes: { Id: secret.arn } };
  },
});

/** Callers are authorized by their role; a resource policy could only allow other accounts or deny. */
const policyProvider: ResourceProvider = {
  type: 'AWS::SecretsManager::ResourcePolicy',
  provision: async (request) => {
    const secretId = new Fields(request.properties).text('SecretId');
    return { physicalId: secretId, attributes: { Id: secretId } };
  },
};
