import type { Invocation } from '../../platform.ts';
import { Background } from '../background.ts';
import { type Message, type SqsService, systemAttributes } from '../sqs/index.ts';
import { md5 } from '../sqs/queues.ts';
import type { Poller, PollerParts } from './poller.ts';

const gatherMs = 50;
/** Between two looks into the queue while a batch gathers. */
const lookMs = 250;
/** A message that becomes visible again makes no arrival. */
const idleMs = 1_000;

interface QueueParts extends PollerParts {
  readonly sqs: SqsService;
}

/** Messages go to the function in batches; what it has done is deleted, the rest comes back after its visibility timeout. */
export function queuePoller(parts: QueueParts): Poller {
  const { settings, sqs } = parts;
  const background = new Background({
    work: () => drain(parts),
    intervalMs: idleMs,
    failed: (error) => parts.problem(error instanceof Error ? error.message : String(error)),
  });
  let unwatch = () => {};
  return {
    start: () => {
      unwatch = sqs.onArrival(settings.sourceArn, () => background.wake(gatherMs));
      background.start();
    },
    stop: async () => {
      unwatch();
      parts.stopping.abort();
      await background.stop();
    },
  };
}

async function drain(parts: QueueParts): Promise<void> {
  const { cloud, settings, sqs, stopping, permitted } = parts;
  while (!stopping.signal.aborted && permitted()) {
    const messages = await gather(parts);
    if (messages.length === 0) return;
    const wanted = messages.filter((message) => settings.wanted(filtered(message)));
    const unwanted = messages.filter((message) => !wanted.includes(message));
    const Records = wanted.map((message) => record(message, settings.sourceArn, cloud.region));
    const done =
      wanted.length > 0 ? finished(settings.reportsItemFailures, wanted, await invoke(Records)) : [];
    await Promise.all(
      [...done, ...unwanted].map((message) => sqs.delete(settings.sourceArn, message.receipt ?? '')),
    );
  }

  function invoke(Records: readonly object[]): Promise<Invocation> {
    return cloud.functions.invoke(settings.functionArn, { Records }, { principal: 'internal' });
  }
}

/** A full batch, or what came within the batching window after the first message. */
async function gather({ settings, sqs, pause }: QueueParts): Promise<readonly Message[]> {
  const messages = [...(await sqs.receive(settings.sourceArn, settings.batchSize))];
  if (messages.length === 0) return messages;
  const deadline = performance.now() + settings.windowMs;
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0 || messages.length >= settings.batchSize) return messages;
    if (!(await pause(Math.min(left, lookMs)))) {
      // The cloud stops: what was taken is there again at its next start.
      await Promise.all(messages.map(({ receipt = '' }) => sqs.release(settings.sourceArn, receipt)));
      return [];
    }
    messages.push(...(await sqs.receive(settings.sourceArn, settings.batchSize - messages.length)));
  }
}

function finished(reports: boolean, messages: readonly Message[], outcome: Invocation): readonly Message[] {
  if (!outcome.ok) return [];
  const failures = (outcome.payload as { batchItemFailures?: { itemIdentifier?: unknown }[] } | null)
    ?.batchItemFailures;
  if (!reports || !failures) return messages;
  const failed = failures.map(({ itemIdentifier }) => itemIdentifier);
  const known = new Set<unknown>(messages.map(({ id }) => id));
  if (failed.some((id) => !known.has(id))) return []; // an unknown identifier fails the whole batch
  return messages.filter(({ id }) => !failed.includes(id));
}

/** Filters see a JSON body as an object. */
function filtered(message: Message): unknown {
  try {
    return { body: JSON.parse(message.body) as unknown };
  } catch {
    return { body: message.body };
  }
}

const record = (message: Message, eventSourceARN: string, awsRegion: string) => ({
  messageId: message.id,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, value]) => [name, lower(value)]),
  ),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion,
});

/** The function's event has the attribute's fields in lower camel case, and both list fields. */
const lower = (value: unknown) => ({
  ...Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([key, part]) => [
      `${key[0]?.toLowerCase()}${key.slice(1)}`,
      part,
    ]),
  ),
  stringListValues: [],
  binaryListValues: [],
});
