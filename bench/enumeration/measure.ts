import type { Outputs } from '../../scripts/journey/outputs.ts';
import { type Addresses, type Kind, kinds, type Post } from './addresses.ts';
import type { Question } from './questions.ts';
import { median, rankDistance } from './rank-test.ts';

export interface Finding {
  readonly route: string;
  readonly kind: Exclude<Kind, 'unknown'>;
  /** Milliseconds between the medians of this kind and of unknown addresses. */
  readonly gapMs: number;
  /** Standard deviations of the rank test. */
  readonly distance: number;
}

/**
 * Whether the times of a finding tell accounts apart: a difference of ranks that comes by chance once in a thousand, or
 * a gap of a millisecond that is more than the noise of the machine (two deviations).
 */
export const isTold = ({ gapMs, distance }: Finding): boolean =>
  distance >= 3.3 || (gapMs >= 1 && distance >= 2);

export interface Measured {
  /** Status, headers and body of the answers without their ids: one entry when nothing tells the kinds apart. */
  readonly answers: readonly string[];
  readonly medianMs: number;
  readonly findings: readonly Finding[];
}

/** Calls at a time: as many as two cores finish within one step of the uniform answer. */
const concurrency = { light: 8, heavy: 3 };

/** Asks about each kind `count` times in random order, some at a time, and compares what came back and when. */
export async function measure(
  outputs: Outputs,
  question: Question,
  addresses: Addresses,
  options: { count: number; consents: readonly object[] },
): Promise<Measured> {
  const times: Record<Kind, number[]> = { confirmed: [], pending: [], unknown: [] };
  const answers = new Set<string>();
  const calls = shuffled(
    kinds.flatMap((kind) => Array.from({ length: options.count }, (_, index) => ({ kind, index }))),
  );
  const worker = async () => {
    for (let call = calls.pop(); call; call = calls.pop()) {
      const known = addresses[call.kind];
      const email = known[call.index % known.length] ?? '';
      const answer = await post(outputs, question.ask(email, call.kind, options.consents));
      times[call.kind].push(answer.milliseconds);
      answers.add(answer.shape);
    }
  };
  await Promise.all(Array.from({ length: concurrency[question.work] }, worker));
  const findings = (['confirmed', 'pending'] as const).map((kind) => ({
    route: question.route,
    kind,
    gapMs: Math.abs(median(times[kind]) - median(times.unknown)),
    distance: Math.abs(rankDistance(times[kind], times.unknown)),
  }));
  return { answers: [...answers], medianMs: median(times.unknown), findings };
}

/** A device of its own keeps cookies out of the comparison; an address of its own keeps out every limit. */
export async function post({ endpoints }: Outputs, { path, body, headers }: Post) {
  const octet = () => Math.floor(Math.random() * 254) + 1;
  const startedAt = performance.now();
  const answer = await fetch(`${endpoints.identityApi}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-vestibule-test-source-ip': `10.${octet()}.${octet()}.${octet()}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const milliseconds = performance.now() - startedAt;
  return { status: answer.status, milliseconds, shape: shapeOf(answer, text) };
}

/** Ids differ by nature; that they are there, and how long they are, must not. */
const ids = /"(registration|instance|deviceToken|context|flow)":"([^"]*)"/g;
const idHeaders = new Set(['x-amzn-requestid', 'x-amz-apigw-id', 'x-request-id', 'date']);

function shapeOf(answer: Response, text: string): string {
  const headers = [...answer.headers]
    .map(([name, value]) => {
      if (idHeaders.has(name)) return `${name}: ${value.length} characters`;
      return `${name}: ${value.replace(/(__Host-[\w-]+)=[\w-]+/, '$1=…')}`;
    })
    .sort();
  const body = text.replace(
    ids,
    (_, name: string, value: string) => `"${name}":"${value.length} characters"`,
  );
  return [answer.status, ...headers, body].join('\n');
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
