import { AwsError, type Cloud, type Needed } from '../../platform.ts';
import { arnOf, viaService } from '../arns.ts';
import type { Fields } from '../fields.ts';
import type { Operation, Operations } from '../json-api.ts';
import { generatePassword } from './generate.ts';
import { type Secret, type Secrets, valueNotFound } from './secrets.ts';

/** @param rotate - starts a rotation; its steps run after the answer, as on AWS */
export function secretOperations(
  cloud: Cloud,
  secrets: Secrets,
  rotate: (secret: Secret, token?: string) => Promise<string>,
): Operations {
  const onSecret = (
    name: string,
    handle: (secret: Secret, input: Fields) => unknown,
    keyActions: readonly string[] = [],
  ): Operation => ({
    needs: (input) => needs(cloud, name, secrets.find(input.text('SecretId')), input, keyActions),
    handle: (input) => handle(secrets.find(input.text('SecretId')), input),
  });
  return {
    GetSecretValue: onSecret('GetSecretValue', (secret, input) => value(secrets, secret, input), [
      'kms:Decrypt',
    ]),
    PutSecretValue: onSecret('PutSecretValue', (secret, input) => put(secrets, secret, input), [
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ]),
    DescribeSecret: onSecret('DescribeSecret', describe),
    UpdateSecretVersionStage: onSecret('UpdateSecretVersionStage', async (secret, input) => {
      const to = input.optionalText('MoveToVersionId');
      await secrets.moveStage(
        secret,
        input.text('VersionStage'),
        to,
        input.optionalText('RemoveFromVersionId'),
      );
      return { ARN: secret.arn, Name: secret.name };
    }),
    RotateSecret: onSecret('RotateSecret', async (secret, input) => {
      const VersionId = await rotate(secret, input.optionalText('ClientRequestToken'));
      return { ARN: secret.arn, Name: secret.name, VersionId };
    }),
    CreateSecret: {
      needs: (input) => [
        {
          action: 'secretsmanager:CreateSecret',
          resource: arnOf(cloud, 'secretsmanager', `secret:${input.text('Name')}-??????`),
        },
      ],
      handle: async (input) => {
        const Name = input.text('Name');
        if (secrets.all().some(({ name }) => name === Name)) {
          throw new AwsError(
            'ResourceExistsException',
            `The operation failed because the secret ${Name} already exists.`,
          );
        }
        const secret = await secrets.create(Name, { description: input.optionalText('Description') ?? '' });
        const hasValue = input.has('SecretString') || input.has('SecretBinary');
        return {
          ARN: secret.arn,
          Name,
          ...(hasValue && { VersionId: (await put(secrets, secret, input)).VersionId }),
        };
      },
    },
    ListSecrets: {
      needs: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
      handle: () => ({ SecretList: secrets.all().map(describe) }),
    },
    GetRandomPassword: {
      needs: () => [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
      handle: (input) => ({ RandomPassword: generatePassword(input) }),
    },
  };
}

/** The secret by its full ARN, the stage or version asked for, and the key that encrypts it. */
function needs(
  cloud: Cloud,
  name: string,
  secret: Secret,
  input: Fields,
  keyActions: readonly string[],
): readonly Needed[] {
  const context = {
    'secretsmanager:SecretId': secret.arn,
    ...(input.has('VersionStage') && { 'secretsmanager:VersionStage': input.text('VersionStage') }),
    ...(input.has('VersionId') && { 'secretsmanager:VersionId': input.text('VersionId') }),
  };
  const { keyArn } = secret;
  const keyContext = {
    ...viaService(cloud, 'secretsmanager'),
    'kms:EncryptionContext:SecretARN': secret.arn,
  };
  const keyNeeds = keyArn
    ? keyActions.map((action) => ({ action, resource: keyArn, context: keyContext }))
    : [];
  return [{ action: `secretsmanager:${name}`, resource: secret.arn, context }, ...keyNeeds];
}

function value(secrets: Secrets, secret: Secret, input: Fields) {
  const by = { id: input.optionalText('VersionId'), stage: input.optionalText('VersionStage') };
  const [VersionId, version] = secrets.version(secret, by);
  // a rotation opens its version before the function has put a value into it
  if (version.string === undefined && version.binary === undefined)
    throw valueNotFound(`VersionId: ${VersionId}`);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId,
    ...(version.string !== undefined && { SecretString: version.string }),
    ...(version.binary !== undefined && { SecretBinary: version.binary }),
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
  };
}

async function put(secrets: Secrets, secret: Secret, input: Fields) {
  const string = input.optionalText('SecretString');
  const binary = input.optionalText('SecretBinary');
  if ((string === undefined) === (binary === undefined)) {
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  const clientToken = input.optionalText('ClientRequestToken');
  const stages = input.has('VersionStages') ? input.texts('VersionStages') : undefined;
  const { secret: after, id } = await secrets.put(secret, {
    ...(clientToken && { id: clientToken }),
    ...(string !== undefined && { string }),
    ...(binary !== undefined && { binary }),
    ...(stages && { stages }),
  });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    VersionStages: after.versions[id]?.stages ?? [],
  };
}

const describe = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.keyArn,
  RotationEnabled: secret.rotation !== undefined,
  RotationLambdaARN: secret.rotation?.functionArn,
  CreatedDate: secret.createdAt / 1000,
  ...(secret.rotatedAt && { LastRotatedDate: secret.rotatedAt / 1000 }),
  VersionIdsToStages: Object.fromEntries(
    Object.entries(secret.versions).flatMap(([id, { stages }]) => (stages.length > 0 ? [[id, stages]] : [])),
  ),
});
