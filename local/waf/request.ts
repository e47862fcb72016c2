/** What WAF sees of a request. An `HttpRequest` fits when its path is the one that WAF sees (a stage's name included). */
export interface WafRequest {
  readonly method: string;
  /** As on the wire, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** Values of one request that several rules share while it is evaluated. */
export interface Evaluation {
  readonly request: WafRequest;
  /** Fully qualified labels that earlier rules added. */
  readonly labels: Set<string>;
  readonly nowMs: number;
}

export class UnsupportedWaf extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'UnsupportedWaf';
  }
}

export type Properties = Record<string, unknown>;

export const asProperties = (value: unknown): Properties =>
  typeof value === 'object' && value !== null ? (value as Properties) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The one key of a union such as `{ "SingleHeader": { "Name": "x" } }`. */
export function onlyKey(value: unknown, where: string): readonly [string, Properties] {
  const entries = Object.entries(asProperties(value));
  const [first] = entries;
  if (first === undefined || entries.length !== 1) {
    throw new UnsupportedWaf(where, `expected exactly one of its variants, got ${entries.length}`);
  }
  return [first[0], asProperties(first[1])];
}
