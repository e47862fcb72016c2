/** One finished call, as the console lists it. */
export interface InvocationRecord {
  readonly requestId: string;
  /** Epoch milliseconds on the cloud's clock. */
  readonly at: number;
  readonly durationMs: number;
  readonly coldStart: boolean;
  readonly outcome: 'ok' | 'threw' | 'timeout' | 'crashed' | 'throttled';
  readonly errorType?: string;
}

export interface LogRecord {
  readonly at: number;
  /** Absent for what a function says outside a call. */
  readonly requestId?: string;
  readonly level: string;
  readonly text: string;
}

export const keptInvocations = 200;
export const keptLines = 1_000;
const keptCharacters = 8_192;

/** What a function did and said last, in memory and bounded. */
export class Journal {
  private readonly calls = new Ring<InvocationRecord>(keptInvocations);
  private readonly lines = new Ring<LogRecord>(keptLines);

  call(record: InvocationRecord): void {
    this.calls.push(record);
  }

  line(record: LogRecord): void {
    const text = record.text.trimEnd();
    const clipped = text.length > keptCharacters ? `${text.slice(0, keptCharacters)}…` : text;
    this.lines.push({ ...record, text: clipped });
  }

  /** Oldest first. */
  invocations(): readonly InvocationRecord[] {
    return this.calls.read();
  }

  /** Oldest first; of one call when `requestId` is given. */
  logs(requestId?: string): readonly LogRecord[] {
    const all = this.lines.read();
    return requestId === undefined ? all : all.filter((line) => line.requestId === requestId);
  }
}

class Ring<T> {
  private readonly items: T[] = [];
  private readonly limit: number;
  private next = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  push(item: T): void {
    this.items[this.next] = item;
    this.next = (this.next + 1) % this.limit;
  }

  read(): readonly T[] {
    return this.items.length < this.limit
      ? [...this.items]
      : [...this.items.slice(this.next), ...this.items.slice(0, this.next)];
  }
}
