import type { AwsRequest, Meter } from '../../platform.ts';
import type { EngineAnswer } from './engine-client.ts';
import type { DataRequest } from './needs.ts';

/**
 * Consumed units. The engine computes them by AWS's rules (reads per 4 kB, eventually consistent half, writes per
 * 1 kB of the larger image, transactions double, indexes included), so every data call asks for them and the answer
 * is taken out again unless the caller wanted it. What the engine does not report is counted by AWS's minimum: a lost
 * condition is a write of 1 unit, a cancelled transaction 2 per action (AWS: by the size of the item found).
 */
export function countCapacity(meter: Meter, request: AwsRequest, consumed: readonly Consumed[]): void {
  const unit = readOperations.has(request.operation) ? 'rru' : 'wru';
  for (const { table, units } of consumed) {
    meter.count(`dynamodb:${unit}`, units);
    meter.count(`dynamodb:${unit}:${table}`, units);
    // what one function costs must not be mixed with what runs behind it
    if (request.caller.kind === 'role')
      meter.count(`dynamodb:${unit}:function:${request.caller.functionName}`, units);
  }
}

export interface Consumed {
  readonly table: string;
  readonly units: number;
}

const readOperations = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const ask = Buffer.from('{"ReturnConsumedCapacity":"TOTAL",');

/** The same body with the question for units, when the caller has not asked itself. */
export function askingForCapacity(body: Buffer, input: DataRequest): Buffer {
  if (wantsCapacity(input)) return body;
  const rest = body.subarray(body.indexOf('{') + 1);
  if (input.ReturnConsumedCapacity !== undefined || Object.keys(input).length === 0) return body;
  return Buffer.concat([ask, rest]);
}

const wantsCapacity = (input: DataRequest): boolean =>
  input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== 'NONE';

/** As one total per table; an attribute of this name never matches, its value starts with a type tag. */
const total =
  /,?"ConsumedCapacity":(\[\{"(?:TableName|CapacityUnits)":[^[\]]*\]|\{"(?:TableName|CapacityUnits)":[^{}]*\})(,?)/;

export interface Accounted {
  readonly body: Buffer;
  readonly consumed: readonly Consumed[];
}

export function takeCapacity(operation: string, input: DataRequest, answer: EngineAnswer): Accounted {
  if (answer.status !== 200) return { body: answer.body, consumed: refused(operation, input, answer) };
  if (wantsCapacity(input)) return { body: answer.body, consumed: units(JSON.parse(answer.body.toString())) };
  // latin1 keeps every byte in place, so that slices of the text are slices of the body
  const text = answer.body.toString('latin1');
  const found = total.exec(text);
  if (!found) return { body: answer.body, consumed: [] };
  const start = found.index;
  const end = start + found[0].length;
  const glue = text[start] === ',' && found[2] ? ',' : '';
  const body = Buffer.from(text.slice(0, start) + glue + text.slice(end), 'latin1');
  return { body, consumed: units(JSON.parse(`{"ConsumedCapacity":${found[1]}}`)) };
}

interface ReportedUnits {
  readonly TableName: string;
  readonly CapacityUnits: number;
}

function units(answer: { ConsumedCapacity?: ReportedUnits | readonly ReportedUnits[] }): readonly Consumed[] {
  const reported = answer.ConsumedCapacity ?? [];
  const list = Array.isArray(reported) ? (reported as readonly ReportedUnits[]) : [reported as ReportedUnits];
  return list.map(({ TableName, CapacityUnits }) => ({ table: TableName, units: CapacityUnits }));
}

function refused(operation: string, input: DataRequest, answer: EngineAnswer): readonly Consumed[] {
  if (readOperations.has(operation)) return [];
  if (answer.body.includes('ConditionalCheckFailedException'))
    return [{ table: input.TableName ?? '', units: 1 }];
  if (!answer.body.includes('TransactionCanceledException')) return [];
  return (input.TransactItems ?? []).flatMap((item) =>
    Object.values(item).map((action) => ({ table: action?.TableName ?? '', units: 2 })),
  );
}
