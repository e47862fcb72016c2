import { describe, expect, it } from 'vitest';
import { dynamicReferences } from '../../../../local/assembly/dynamic-references.ts';
import type { AwsRequest, Service } from '../../../../local/platform.ts';

const asked: unknown[] = [];

const answering = (name: string, answer: unknown): Service => ({
  name,
  providers: [],
  api: {
    needs: () => [],
    handle: async ({ operation, body, caller }: AwsRequest) => {
      asked.push([operation, JSON.parse(body.toString()), caller.kind]);
      return { status: 200, body: JSON.stringify(answer) };
    },
  },
});

const services: Record<string, Service> = {
  secretsmanager: answering('secretsmanager', { SecretString: '{"key":"k1","n":7}' }),
  ssm: answering('ssm', { Parameter: { Value: 'v' } }),
};
const resolve = dynamicReferences((name) => services[name]);
const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:signing-a1b2';

describe('dynamicReferences', () => {
  it.each([
    { reference: 'signing', value: '{"key":"k1","n":7}', input: { SecretId: 'signing' } },
    { reference: 'signing:SecretString:key', value: 'k1', input: { SecretId: 'signing' } },
    { reference: `${arn}:SecretString:n`, value: '7', input: { SecretId: arn } },
    {
      reference: `${arn}:SecretString:key:AWSPREVIOUS`,
      value: 'k1',
      input: { SecretId: arn, VersionStage: 'AWSPREVIOUS' },
    },
    {
      reference: 'signing:SecretString:::v-1',
      value: '{"key":"k1","n":7}',
      input: { SecretId: 'signing', VersionId: 'v-1' },
    },
  ])('reads $reference of Secrets Manager', async ({ reference, value, input }) => {
    expect(await resolve('secretsmanager', reference)).toBe(value);
    expect(asked.at(-1)).toEqual(['GetSecretValue', input, 'operator']);
  });

  it('reads a parameter of SSM', async () => {
    expect(await resolve('ssm', '/vestibule/dev/name:2')).toBe('v');
    expect(asked.at(-1)).toEqual([
      'GetParameter',
      { Name: '/vestibule/dev/name:2', WithDecryption: true },
      'operator',
    ]);
  });

  it('names a key that the secret does not have', async () => {
    await expect(resolve('secretsmanager', 'signing:SecretString:gone')).rejects.toThrow(
      'secret signing has no key "gone"',
    );
  });

  it('says when there is no such service', async () => {
    await expect(dynamicReferences(() => undefined)('ssm', '/n')).rejects.toThrow('no service "ssm"');
  });
});
