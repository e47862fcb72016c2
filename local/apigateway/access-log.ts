import type { HttpResponse } from '../platform.ts';
import { contextOf, type Exchange } from './exchange.ts';
import { substitute } from './substitution.ts';

const KEPT_LINES = 500;

/** Access log lines in the stage's own format, newest kept. */
export class AccessLog {
  private readonly lines: string[] = [];

  write(exchange: Exchange, response: HttpResponse, now: number): void {
    const format = exchange.stage.accessLogFormat;
    if (format === undefined) return;
    const context = {
      ...contextOf(exchange),
      status: response.status,
      responseLatency: now - exchange.startedAtMs,
      responseLength: Buffer.byteLength(response.body ?? ''),
    };
    const scope = { context, stageVariables: {}, method: {} };
    this.lines.push(substitute(format, scope, '-'));
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }

  /** Newest first. */
  read(): readonly string[] {
    return this.lines.toReversed();
  }
}
