import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

type Reply<T> = { readonly result: T } | { readonly error: string };

export interface ChildOptions {
  readonly arguments?: readonly string[];
  /** For Node.js itself, for example `--cpu-prof`. */
  readonly execArgv?: readonly string[];
}

/** A script of the bench in a process of its own: one question at a time, one reply each. */
export class Child {
  readonly pid: number;
  private readonly child: ChildProcess;

  /** @param script - below `bench/` */
  constructor(script: string, { arguments: values = [], execArgv = [] }: ChildOptions = {}) {
    this.child = fork(join(import.meta.dirname, script), [...values], {
      execArgv: ['--import', 'tsx', ...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.pid = this.child.pid ?? 0;
  }

  ask<T>(question: object | string): Promise<T> {
    const reply = this.reply<T>();
    this.child.send(question);
    return reply;
  }

  /** What the child says next. @throws Error with what went wrong there, or when it ends instead */
  reply<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${this.child.spawnfile} ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (message) => {
        this.child.off('exit', ended);
        const reply = message as Reply<T>;
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply.result);
      });
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null) return resolve();
      this.child.once('exit', () => resolve());
      this.child.disconnect();
    });
  }
}
