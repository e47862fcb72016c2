import { prices } from './prices.ts';

/** What one sign-in used, counted by the local cloud; the rest of the model is arithmetic. */
export interface CountedUse {
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Lambda invocations, with the milliseconds that AWS would bill and the memory of the function. */
  readonly invocations: readonly {
    readonly name: string;
    readonly count: number;
    readonly memoryMb: number;
  }[];
  readonly restApiRequests: number;
  /** Calls to the user pool's public operations: each passes the pool's web ACL. */
  readonly poolRequests: number;
  readonly mails: number;
  readonly texts: number;
  /** Hashes that are slow on purpose: recovery codes. */
  readonly scrypts: number;
  readonly auditEvents: number;
}

export interface CostLine {
  readonly item: string;
  readonly dollarsPerMillion: number;
}

/**
 * Stated assumptions: 12 ms billed per invocation (measured warm calls are shorter; Lambda rounds up to 1 ms),
 * the forwarder takes batches of 50 events into one 5 kB-rounded Firehose record of 0.5 kB each with one signature,
 * 300 bytes of log per invocation. One scrypt is 70 ms of a whole core, which Lambda has at 1,769 MB, so that it costs the
 * same at every memory size. The web ACLs are on the API stage and the pool: each request to either is one of WAF. Cognito's monthly price per active user is not part of it.
 */
export const assumptions = {
  billedMs: 12,
  eventsPerBatch: 50,
  eventKb: 0.5,
  logBytesPerInvocation: 300,
  scryptMs: 70,
  memoryMbOfOneCore: 1_769,
} as const;

export function costOf(use: CountedUse): readonly CostLine[] {
  const calls = use.invocations.reduce((sum, { count }) => sum + count, 0);
  const gbSeconds = use.invocations.reduce(
    (sum, { count, memoryMb }) => sum + count * (memoryMb / 1024) * (assumptions.billedMs / 1000),
    0,
  );
  const scryptGbSeconds =
    use.scrypts * (assumptions.memoryMbOfOneCore / 1024) * (assumptions.scryptMs / 1000);
  const batches = use.auditEvents / assumptions.eventsPerBatch;
  const lines: Record<string, number> = {
    'Lambda requests': calls * prices.lambdaRequest,
    'Lambda duration': (gbSeconds + scryptGbSeconds) * prices.lambdaGbSecond,
    'DynamoDB reads': use.readUnits * prices.dynamoReadUnit,
    'DynamoDB writes': use.writeUnits * prices.dynamoWriteUnit,
    'API Gateway': use.restApiRequests * prices.restApiRequest,
    WAF: (use.restApiRequests + use.poolRequests) * prices.wafRequest,
    'Audit (Firehose, EventBridge, KMS)':
      batches * (firehoseRecord() + prices.kmsAsymmetricSignature) +
      use.auditEvents * prices.eventBridgeEvent,
    'CloudWatch Logs': (calls * assumptions.logBytesPerInvocation * prices.logGb) / 1e9,
    'Mail (SES)': use.mails * prices.mail,
    'Texts (SMS)': use.texts * prices.text,
  };
  return Object.entries(lines).map(([item, dollars]) => ({ item, dollarsPerMillion: dollars * 1e6 }));
}

function firehoseRecord(): number {
  const kb = Math.ceil((assumptions.eventsPerBatch * assumptions.eventKb) / 5) * 5;
  return (kb / 1e6) * prices.firehoseGb;
}

export const total = (lines: readonly CostLine[]): number =>
  lines.reduce((sum, line) => sum + line.dollarsPerMillion, 0);
