import { randomBytes } from 'node:crypto';
import { AwsError, type Needed } from '../../platform.ts';
import type { Fields } from '../fields.ts';
import type { Operation, Operations } from '../json-api.ts';
import type { EncryptionContext, Key, Keys } from './keys.ts';

const maxPlaintextBytes = 4_096;

export function kmsOperations(keys: Keys): Operations {
  const onKey = (name: string, handle: (key: Key, input: Fields) => unknown): Operation => ({
    needs: (input) => [need(name, keys.find(input.text('KeyId')), input)],
    handle: (input) => handle(keys.find(input.text('KeyId')), input),
  });
  const dataKey = (key: Key, input: Fields) => {
    const size = input.optionalInteger('NumberOfBytes', { min: 1, max: 1_024 });
    const plaintext = randomBytes(size ?? (input.optionalText('KeySpec') === 'AES_128' ? 16 : 32));
    const CiphertextBlob = keys.encrypt(key, plaintext, contextOf(input)).toString('base64');
    return { KeyId: key.arn, CiphertextBlob, Plaintext: plaintext.toString('base64') };
  };
  return {
    Encrypt: onKey('Encrypt', (key, input) => {
      const plaintext = limited(input.bytes('Plaintext'), 'Plaintext', input);
      const CiphertextBlob = keys.encrypt(key, plaintext, contextOf(input)).toString('base64');
      return { KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    }),
    Decrypt: {
      needs: (input) => [need('Decrypt', keys.keyOf(input.bytes('CiphertextBlob')), input)],
      handle: (input) => {
        const ciphertext = input.bytes('CiphertextBlob');
        const key = keys.keyOf(ciphertext);
        const named = input.optionalText('KeyId');
        if (named && keys.find(named).id !== key.id) {
          throw new AwsError(
            'IncorrectKeyException',
            'The key ID in the request does not identify a CMK that can perform this operation.',
          );
        }
        const Plaintext = keys.decrypt(ciphertext, contextOf(input)).toString('base64');
        return { KeyId: key.arn, Plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      },
    },
    GenerateDataKey: onKey('GenerateDataKey', dataKey),
    GenerateDataKeyWithoutPlaintext: onKey('GenerateDataKeyWithoutPlaintext', (key, input) => {
      const { Plaintext: _, ...rest } = dataKey(key, input);
      return rest;
    }),
    Sign: onKey('Sign', (key, input) => {
      const SigningAlgorithm = input.text('SigningAlgorithm');
      const Signature = keys.sign(key, message(input), SigningAlgorithm).toString('base64');
      return { KeyId: key.arn, Signature, SigningAlgorithm };
    }),
    Verify: onKey('Verify', (key, input) => {
      const SigningAlgorithm = input.text('SigningAlgorithm');
      if (!keys.verify(key, message(input), input.bytes('Signature'), SigningAlgorithm)) {
        throw new AwsError('KMSInvalidSignatureException', '');
      }
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm };
    }),
    GetPublicKey: onKey('GetPublicKey', (key) => ({
      KeyId: key.arn,
      PublicKey: keys.publicKey(key).toString('base64'),
      KeySpec: key.spec,
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ECDSA_SHA_256'],
    })),
    DescribeKey: onKey('DescribeKey', (key) => ({ KeyMetadata: metadata(key) })),
    GetKeyRotationStatus: onKey('GetKeyRotationStatus', (key) => ({ KeyRotationEnabled: key.rotation })),
    ListAliases: {
      needs: () => [{ action: 'kms:ListAliases', resource: '*' }],
      handle: () => ({
        Aliases: keys.aliasNames().map(({ name, keyId }) => ({ AliasName: name, TargetKeyId: keyId })),
        Truncated: false,
      }),
    },
  };
}

/** Key policies that CDK writes delegate to the account, so that the role's policies decide. */
function need(name: string, key: Key, input: Fields): Needed {
  const context = contextOf(input);
  const pairs = Object.entries(context).map(([each, value]) => [`kms:EncryptionContext:${each}`, value]);
  const names = Object.keys(context);
  const keysOfContext = names.length > 0 ? { 'kms:EncryptionContextKeys': names } : {};
  return {
    action: `kms:${name}`,
    resource: key.arn,
    context: { ...Object.fromEntries(pairs), ...keysOfContext },
  };
}

const contextOf = (input: Fields): EncryptionContext =>
  (input.optionalObject('EncryptionContext')?.values ?? {}) as EncryptionContext;

function message(input: Fields): Buffer {
  if (input.optionalText('MessageType') === 'DIGEST') {
    throw new AwsError(
      'UnsupportedOperationException',
      'MessageType: DIGEST is not implemented locally; send the message as RAW',
    );
  }
  return limited(input.bytes('Message'), 'Message', input);
}

const limited = (bytes: Buffer, name: string, input: Fields): Buffer =>
  bytes.length > 0 && bytes.length <= maxPlaintextBytes
    ? bytes
    : input.refuse(name, `expected 1 to ${maxPlaintextBytes} bytes, got ${bytes.length}`);

const metadata = (key: Key) => ({
  KeyId: key.id,
  Arn: key.arn,
  Description: key.description,
  CreationDate: key.createdAt / 1000,
  Enabled: key.enabled,
  KeyState: key.enabled ? 'Enabled' : 'Disabled',
  KeySpec: key.spec,
  KeyUsage: key.spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY',
  KeyManager: 'CUSTOMER',
  Origin: 'AWS_KMS',
  MultiRegion: false,
});
