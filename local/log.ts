import type { Log } from './platform.ts';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogOptions {
  /** Least level that is written; everything below is dropped. @default 'warn' */
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
}

const rank: Record<LogLevel, number> = { info: 0, warn: 1, error: 2 };

/** Lines for the developer's terminal. One record is one line, whatever its fields contain. */
export function createLog(options: LogOptions = {}): Log {
  const least = rank[options.level ?? 'warn'];
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (rank[level] < least) return;
    const details = fields ? ` ${JSON.stringify(fields, plainErrors)}` : '';
    write(`${level.padEnd(5)} ${message.replaceAll(/[\r\n]+/g, ' ')}${details}`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const plainErrors = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message } : value;
