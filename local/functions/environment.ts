import { Worker } from 'node:worker_threads';
import type { FunctionSpecification, Outcome } from './specification.ts';

export interface LogLine {
  readonly requestId: string | undefined;
  readonly level: string;
  readonly text: string;
}

/** A request of a function to the cloud, and its answer. */
export interface CloudCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
export interface CloudAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
/** The way from functions to the cloud that runs them, without a socket. */
export interface CloudLine {
  readonly url: string;
  answer(call: CloudCall): Promise<CloudAnswer>;
}

export interface EnvironmentOptions {
  readonly specification: FunctionSpecification;
  /** Offset of the cloud's clock, read by the thread at every look at the time. */
  readonly clock: SharedArrayBuffer;
  readonly onLog: (line: LogLine) => void;
  /** Absent: calls to the cloud go over its HTTP port. */
  readonly line?: CloudLine;
}

export interface Call {
  readonly requestId: string;
  readonly eventJson: string;
}

type Message =
  | { kind: 'ready' }
  | ({ kind: 'http'; id: number } & CloudCall)
  | { kind: 'log'; requestId?: string; level: string; text: string }
  | { kind: 'done'; requestId: string; payload: string }
  | { kind: 'failed' | 'init-failed'; error: { errorType: string; errorMessage: string; trace: string[] } };

/** Lambda ends an initialisation that takes longer. */
const initLimitMs = 10_000;
const bootstrap = new URL('./environment.cjs', import.meta.url);

/** One thread that runs one call at a time. Once `alive` is false it takes no more calls. */
export class Environment {
  alive = true;
  private readonly options: EnvironmentOptions;
  private readonly worker: Worker;
  private settle: ((outcome: Outcome) => void) | undefined;
  private whenReady: (() => void) | undefined;
  private isReady = false;

  constructor(options: EnvironmentOptions) {
    this.options = options;
    this.worker = startThread(options);
    this.worker.on('message', (message: Message) => this.receive(message));
    this.worker.on('error', (error: Error & { code?: string }) => this.end(crash(error)));
    this.worker.on('exit', (code) => this.end(exited(code)));
    for (const [stream, level] of [
      [this.worker.stdout, 'info'],
      [this.worker.stderr, 'error'],
    ] as const) {
      stream.setEncoding('utf8').on('data', (text: string) => this.receive({ kind: 'log', level, text }));
    }
  }

  /** The function's time limit starts when the environment is ready; a cold start has its own. */
  run(call: Call): Promise<Outcome> {
    const { timeoutMs } = this.options.specification;
    return new Promise((resolve) => {
      let timer = setTimeout(() => this.end(timedOut(call.requestId, initLimitMs)), initLimitMs);
      const send = () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.end(timedOut(call.requestId, timeoutMs)), timeoutMs);
        this.worker.postMessage({
          requestId: call.requestId,
          event: call.eventJson,
          deadline: Date.now() + timeoutMs,
        });
      };
      this.settle = (outcome) => {
        clearTimeout(timer);
        this.settle = undefined;
        resolve(outcome);
      };
      if (this.isReady) send();
      else this.whenReady = send;
    });
  }

  /** Ends the thread; a call that is running ends with `outcome`. */
  end(outcome: Outcome = stopped): void {
    this.settle?.(outcome);
    if (!this.alive) return;
    this.alive = false;
    this.worker.terminate().catch(() => {}); // it has ended either way
  }

  private async pass(id: number, call: CloudCall): Promise<void> {
    const answer = await this.options.line?.answer(call);
    if (this.alive) this.worker.postMessage({ kind: 'answer', id, ...answer });
  }

  private receive(message: Message): void {
    switch (message.kind) {
      case 'log':
        this.options.onLog({ requestId: message.requestId, level: message.level, text: message.text });
        break;
      case 'http':
        void this.pass(message.id, message);
        break;
      case 'ready':
        this.isReady = true;
        this.whenReady?.();
        break;
      case 'done':
        this.settle?.({ ok: true, json: message.payload });
        break;
      case 'failed':
        this.settle?.(thrown(message.error));
        break;
      case 'init-failed':
        this.end(thrown(message.error));
        break;
    }
  }
}

function startThread({ specification, clock, line }: EnvironmentOptions): Worker {
  const { arn, name, code, handler, runtime, memoryMb, environment } = specification;
  return new Worker(bootstrap, {
    env: { ...environment, LAMBDA_TASK_ROOT: code.directory },
    execArgv: [], // no loaders of the main thread: functions run as built
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    workerData: {
      clock,
      ...code,
      handler,
      runtime,
      memoryMb,
      functionName: name,
      functionArn: arn,
      cloudUrl: line?.url,
    },
  });
}

export const stopped: Outcome = {
  ok: false,
  kind: 'crashed',
  errorType: 'Runtime.Stopped',
  message: 'the local cloud was stopped',
};

const thrown = (error: { errorType: string; errorMessage: string; trace: string[] }): Outcome => ({
  ok: false,
  kind: 'threw',
  errorType: error.errorType,
  message: error.errorMessage,
  trace: error.trace,
});

const timedOut = (requestId: string, limitMs: number): Outcome => ({
  ok: false,
  kind: 'timeout',
  errorType: 'Sandbox.Timedout',
  message: `RequestId: ${requestId} Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`,
});

const crash = (error: Error & { code?: string }): Outcome => ({
  ok: false,
  kind: 'crashed',
  errorType: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
  message: `Error: Runtime exited with error: ${error.message}`,
});

const exited = (code: number): Outcome => ({
  ok: false,
  kind: 'crashed',
  errorType: 'Runtime.ExitError',
  message: `Error: Runtime exited with error: exit status ${code}`,
});
