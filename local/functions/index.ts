import type { AccessKeys } from '../access-keys.ts';
import type { Cloud, Service } from '../platform.ts';
import { lambdaFunction } from '../resources/lambda/function.ts';
import { lambdaPermission } from '../resources/lambda/permission.ts';
import { lambdaAlias, lambdaVersion } from '../resources/lambda/version.ts';
import { lambdaApi } from './api.ts';
import type { InvocationRecord, LogRecord } from './journal.ts';
import type { FunctionRuntime } from './runtime.ts';

export type { InvocationRecord, LogRecord } from './journal.ts';

export interface FunctionSummary {
  /** `sign-in` */
  readonly label: string;
  readonly name: string;
  readonly arn: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environments: number;
  readonly coldStarts: number;
  /** The last ones, oldest first. */
  readonly invocations: readonly InvocationRecord[];
}

/** `cloud.service<LambdaService>('lambda')`: what the console shows. */
export interface LambdaService extends Service {
  functions(): readonly FunctionSummary[];
  /** Last lines of one function (label, name or ARN), oldest first; of one call when `requestId` is given. */
  logs(functionName: string, requestId?: string): readonly LogRecord[];
  /** Role that a function runs as; `undefined` for an unknown function. */
  roleOf(functionName: string): string | undefined;
}

export function lambdaService(cloud: Cloud, runtime: FunctionRuntime, keys: AccessKeys): LambdaService {
  return {
    name: 'lambda',
    providers: [
      lambdaFunction({ cloud, runtime, keys }),
      lambdaPermission(runtime),
      lambdaVersion(runtime),
      lambdaAlias(runtime),
    ],
    api: lambdaApi(runtime, cloud.log),
    functions: () =>
      runtime.all().map(({ specification, journal, environments, coldStarts }) => ({
        label: specification.label,
        name: specification.name,
        arn: specification.arn,
        memoryMb: specification.memoryMb,
        timeoutMs: specification.timeoutMs,
        environments,
        coldStarts,
        invocations: journal.invocations(),
      })),
    logs: (functionName, requestId) => runtime.find(functionName)?.journal.logs(requestId) ?? [],
    roleOf: (functionName) => runtime.find(functionName)?.specification.roleArn,
    stop: async () => runtime.stop(),
  };
}
