import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { Fields } from '../fields.ts';
import { jsonApi } from '../json-api.ts';
import { type KeySpec, Keys } from './keys.ts';
import { kmsOperations } from './operations.ts';

export function kmsService(cloud: Cloud): Service {
  const keys = new Keys(cloud);
  return {
    name: 'kms',
    providers: [keyProvider(keys), aliasProvider(keys)],
    api: jsonApi('kms', kmsOperations(keys)),
  };
}

const keyProvider = (keys: Keys): ResourceProvider => ({
  type: 'AWS::KMS::Key',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const key = await keys.create(request.previous?.physicalId, {
      spec: keySpec(properties, request.logicalId),
      description: properties.optionalText('Description') ?? '',
      enabled: properties.flag('Enabled', true),
      rotation: properties.flag('EnableKeyRotation'),
    });
    return { physicalId: key.id, attributes: { Arn: key.arn, KeyId: key.id } };
  },
});

function keySpec(properties: Fields, logicalId: string): KeySpec {
  const spec = properties.optionalText('KeySpec') ?? 'SYMMETRIC_DEFAULT';
  const usage = properties.optionalText('KeyUsage') ?? 'ENCRYPT_DECRYPT';
  if (spec === 'SYMMETRIC_DEFAULT' && usage === 'ENCRYPT_DECRYPT') return spec;
  if (spec === 'ECC_NIST_P256' && usage === 'SIGN_VERIFY') return spec;
  throw new AwsError(
    'UnsupportedResource',
    `${logicalId}: KeySpec ${spec} for ${usage} is not implemented locally`,
  );
}

const aliasProvider = (keys: Keys): ResourceProvider => ({
  type: 'AWS::KMS::Alias',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const name = properties.text('AliasName');
    await keys.alias(name, properties.text('TargetKeyId'));
    return { physicalId: name, attributes: {} };
  },
});
