import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ssmService } from '../../../local/services/ssm/index.ts';
import { type Harness, startHarness } from './harness.ts';

describe('SSM parameters', () => {
  let harness: Harness;
  let client: SSMClient;

  beforeAll(async () => {
    harness = await startHarness([ssmService]);
    client = new SSMClient(harness.client('ssm'));
    for (const name of ['UserPoolId', 'Region', 'deep/er']) {
      await harness.provision('AWS::SSM::Parameter', {
        Name: `/vestibule/dev/${name}`,
        Type: 'String',
        Value: name,
      });
    }
  });
  afterAll(() => harness.stop());

  it('reads one by name', async () => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: '/vestibule/dev/Region' }));
    expect(Parameter).toMatchObject({ Value: 'Region', Type: 'String', Version: 1 });
    expect(harness.needed.at(-1)).toEqual({
      action: 'ssm:GetParameter',
      resource: 'arn:aws:ssm:eu-west-1:000000000000:parameter/vestibule/dev/Region',
    });
    await expect(client.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('reads several and by path', async () => {
    const several = await client.send(
      new GetParametersCommand({ Names: ['/vestibule/dev/Region', '/none'] }),
    );
    expect(several.InvalidParameters).toEqual(['/none']);
    const names = async (Recursive: boolean) => {
      const page = await client.send(new GetParametersByPathCommand({ Path: '/vestibule/dev', Recursive }));
      return page.Parameters?.map(({ Value }) => Value);
    };
    expect(await names(false)).toEqual(['Region', 'UserPoolId']);
    expect(await names(true)).toEqual(['Region', 'UserPoolId', 'deep/er']);
  });

  it('overwrites only when told', async () => {
    const put = (Overwrite?: boolean) =>
      client.send(new PutParameterCommand({ Name: '/vestibule/dev/Region', Value: 'other', Overwrite }));
    await expect(put()).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect((await put(true)).Version).toBe(2);
  });
});
