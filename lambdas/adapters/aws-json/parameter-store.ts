import { type AwsJsonService, awsJsonClient, environmentOptions } from './client.ts';

const ssm: AwsJsonService = { name: 'ssm', environmentId: 'SSM', target: 'AmazonSSM', version: '1.1' };

/** The value of a parameter (AWS Systems Manager Parameter Store). @throws AwsRefusal `ParameterNotFound` */
export function openParameterStore() {
  const client = awsJsonClient(ssm, environmentOptions(ssm));
  return async (name: string): Promise<string> => {
    const { Parameter } = (await client.call('GetParameter', { Name: name })) as {
      readonly Parameter?: { readonly Value?: string };
    };
    if (Parameter?.Value === undefined) throw new Error(`parameter ${name}: no value`);
    return Parameter.Value;
  };
}
