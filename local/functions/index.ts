import type { AccessKeys } from '../access-keys.ts';
import type { Cloud, Invocation, InvokeOptions, Service } from '../platform.ts';
import { lambdaFunction } from '../resources/lambda/function.ts';
import { lambdaPermission } from '../resources/lambda/permission.ts';
import { lambdaAlias, lambdaVersion } from '../resources/lambda/version.ts';
import { lambdaApi } from './api.ts';
import { EventQueue } from './asynchronous/event-queue.ts';
import { eventInvokeConfig } from './asynchronous/settings.ts';
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
  /**
   * Takes an event for an asynchronous invocation, which Lambda then tries and retries by itself.
   * @returns why it does not: the caller may not, or there is no such function
   */
  accept(
    functionArn: string,
    event: unknown,
    options: Pick<InvokeOptions, 'principal' | 'sourceArn'>,
  ): Promise<Extract<Invocation, { ok: false }> | undefined>;
}

export function lambdaService(cloud: Cloud, runtime: FunctionRuntime, keys: AccessKeys): LambdaService {
  const events = new EventQueue({ cloud, functionOf: (arn) => runtime.find(arn)?.specification });
  const arnOf = (functionName: string) => runtime.find(functionName)?.specification.arn ?? functionName;
  return {
    name: 'lambda',
    providers: [
      lambdaFunction({ cloud, runtime, keys }),
      lambdaPermission(runtime),
      lambdaVersion(runtime),
      lambdaAlias(runtime),
      eventInvokeConfig((functionName, settings) => events.configure(arnOf(functionName), settings)),
    ],
    api: lambdaApi(runtime, events),
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
    accept: async (functionArn, event, options) => {
      const refusal = runtime.refusal(functionArn, options);
      if (!refusal) await events.accept(arnOf(functionArn), event);
      return refusal;
    },
    ready: async () => events.start(),
    stop: async () => {
      const done = events.stop();
      runtime.stop();
      await done;
    },
  };
}
