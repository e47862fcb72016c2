import type { FunctionRuntime } from '../../functions/runtime.ts';
import type { ResourceProvider } from '../../platform.ts';

/** Versions and aliases lead to the code of this template: locally there is only one. */
export const lambdaVersion = (runtime: FunctionRuntime): ResourceProvider => ({
  type: 'AWS::Lambda::Version',
  provision: async ({ logicalId, properties }) => {
    const arn = `${functionArn(runtime, logicalId, properties.FunctionName)}:1`;
    return { physicalId: arn, attributes: { Version: '1', FunctionArn: arn } };
  },
});

export const lambdaAlias = (runtime: FunctionRuntime): ResourceProvider => ({
  type: 'AWS::Lambda::Alias',
  provision: async ({ logicalId, properties }) => {
    const arn = `${functionArn(runtime, logicalId, properties.FunctionName)}:${properties.Name}`;
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
});

function functionArn(runtime: FunctionRuntime, logicalId: string, name: unknown): string {
  const found = runtime.find(String(name));
  if (!found) throw new Error(`${logicalId}: FunctionName "${name}" is no function of this template`);
  return found.specification.arn;
}
