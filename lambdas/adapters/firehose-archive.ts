import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Archive } from '../core/audit/ports.ts';

/** Below Firehose's 1,000 KiB per record; large records also waste least of its rounding to 5 kB. */
const recordBytes = 900_000;
/** PutRecordBatch takes 4 MiB and 500 records. */
const recordsPerCall = 4;
const attempts = 4;

/** JSON lines, many per Firehose record. A call may accept some records and refuse others with HTTP 200; those go again. */
export function firehoseArchive(stream: string, client = new FirehoseClient({ maxAttempts: 3 })): Archive {
  const put = async (records: readonly Buffer[]): Promise<void> => {
    let open = records;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      const answer = await client.send(
        new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: open.map((Data) => ({ Data })) }),
      );
      const sent = open;
      // Accepted is what has a record id: an answer that names no culprit must not lose a record.
      const isOpen = (_: Buffer, index: number) => !answer.RequestResponses?.[index]?.RecordId;
      open = (answer.FailedPutCount ?? 0) > 0 ? sent.filter(isOpen) : [];
      if (open.length > 0 && attempt === attempts)
        throw new Error(`Firehose refused ${open.length} records ${attempts} times`);
    }
  };
  return {
    append: async (lines) => {
      const records = pack(lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`)));
      for (let i = 0; i < records.length; i += recordsPerCall)
        await put(records.slice(i, i + recordsPerCall));
    },
  };
}

function pack(lines: readonly Buffer[]): Buffer[] {
  const records: Buffer[][] = [];
  let size = recordBytes;
  for (const line of lines) {
    if (size + line.length > recordBytes) {
      records.push([]);
      size = 0;
    }
    records.at(-1)?.push(line);
    size += line.length;
  }
  return records.map((record) => Buffer.concat(record));
}
