import type { FunctionRuntime } from '../../functions/runtime.ts';
import type { ResourceProvider } from '../../platform.ts';

interface PermissionProperties {
  readonly Action?: string;
  readonly FunctionName?: string;
  readonly Principal?: string;
  readonly SourceArn?: string;
}

/** A statement of a function's resource policy. */
export const lambdaPermission = (runtime: FunctionRuntime): ResourceProvider => ({
  type: 'AWS::Lambda::Permission',
  provision: async ({ logicalId, properties }) => {
    const { Action, FunctionName, Principal, SourceArn } = properties as PermissionProperties;
    const found = runtime.find(FunctionName ?? '');
    if (!found)
      throw new Error(`${logicalId}: FunctionName "${FunctionName}" is no function of this template`);
    runtime.permissions.add(found.specification.arn, logicalId, {
      action: Action ?? '',
      principal: Principal ?? '',
      ...(SourceArn !== undefined && { sourceArn: SourceArn }),
    });
    return { physicalId: logicalId, attributes: { Id: logicalId } };
  },
});
