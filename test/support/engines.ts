import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from 'vitest';
import { openTables, type TestTables } from './tables.ts';

export type Engine = 'dynoxide' | 'dynamodb-local';

/** A table engine under a contract; its tables are there as soon as tests run, not while they are collected. */
export interface EngineUnderTest {
  readonly engine: Engine;
  readonly tables: TestTables;
  /** How many do the same at once: many on dynoxide, a few on DynamoDB Local, which takes writes one by one. */
  readonly racers: (many: number) => number;
}

const hasJava = spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
const racersOnDynamoDbLocal = 4;

/**
 * Runs the contract of a store on dynoxide and on Amazon's DynamoDB Local, one process of each per test file. Where no
 * Java runtime is found, the second shows as skipped, with the reason.
 */
export function onEachEngine(contract: (under: EngineUnderTest) => void): void {
  describe('on dynoxide', () => contract(open('dynoxide')));
  const name = hasJava ? 'on DynamoDB Local' : 'on DynamoDB Local (needs a Java runtime)';
  describe.skipIf(!hasJava)(name, () => contract(open('dynamodb-local')));
}

function open(engine: Engine): EngineUnderTest {
  let tables: TestTables | undefined;
  beforeAll(async () => {
    tables = await openTables(engine);
  });
  afterAll(() => tables?.close());
  return {
    engine,
    get tables() {
      if (!tables) throw new Error(`${engine}: its tables are open while tests run only`);
      return tables;
    },
    racers: (many) => (engine === 'dynoxide' ? many : Math.min(many, racersOnDynamoDbLocal)),
  };
}
