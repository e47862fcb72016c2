import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** Loaded at the first use and built as a file of its own. */
export function openSsm() {
  const client = new SSMClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 300, requestTimeout: 1_200, throwOnRequestTimeout: true },
  });
  return async (name: string): Promise<string> => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    if (Parameter?.Value === undefined) throw new Error(`parameter ${name}: no value`);
    return Parameter.Value;
  };
}
