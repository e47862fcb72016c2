import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore, type OpenStore, openStore } from '../../../local/store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-store-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe.each([
  { kind: 'on disk', open: () => openStore(directory) },
  { kind: 'in memory', open: async () => memoryStore() },
])('a store $kind', ({ open }) => {
  let store: OpenStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  it('reads what was written before the write is acknowledged', () => {
    const users = store.collection<{ name: string }>('users');
    void users.set('1', { name: 'Ada' });
    expect(users.get('1')).toEqual({ name: 'Ada' });
    expect([users.has('1'), users.has('2'), users.size]).toEqual([true, false, 1]);
  });

  it('keeps collections apart, also those whose names share a beginning', async () => {
    await store.collection('user').set('s1', 1);
    await store.collection('users').set('1', 2);
    expect([...store.collection('user').entries()]).toEqual([['s1', 1]]);
    expect([...store.collection('users').entries()]).toEqual([['1', 2]]);
  });

  it('gives the same collection to everybody who asks for its name', async () => {
    await store.collection('keys').set('a', 1);
    await store.collection('keys').delete('a');
    expect(store.collection('keys').get('a')).toBeUndefined();
  });

  it('refuses a collection name that could reach into another', () => {
    expect(() => store.collection('a\0b')).toThrow(RangeError);
  });
});

describe('a store on disk', () => {
  it('has the last of many writes after it was closed and opened again', async () => {
    const first = await openStore(directory);
    const written = first.collection<number>('n');
    await Promise.all(Array.from({ length: 500 }, (_, index) => written.set(`k${index % 50}`, index)));
    await written.delete('k0');
    await first.close();
    const second = await openStore(directory);
    const read = second.collection<number>('n');
    expect([read.size, read.get('k1'), read.get('k49')]).toEqual([49, 451, 499]);
    await second.close();
  });

  it('refuses a directory that another cloud has open', async () => {
    const first = await openStore(directory);
    await expect(openStore(directory)).rejects.toMatchObject({ name: 'DirectoryInUse' });
    await first.close();
  });

  it('has everything acknowledged after its process was killed', async () => {
    const writer = `
      import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../../local/store.ts'))};
      const items = (await openStore(${JSON.stringify(directory)})).collection('n');
      for (let i = 0; ; i += 1) { await items.set(String(i), { i }); console.log(i); }
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', writer]);
    let acknowledged = -1;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 300) child.kill('SIGKILL');
    }
    await ended;
    const store = await openStore(directory);
    const items = store.collection<{ i: number }>('n');
    expect(acknowledged).toBeGreaterThanOrEqual(300);
    for (let i = 0; i <= acknowledged; i += 1) expect(items.get(String(i))).toEqual({ i });
    await store.close();
  });
});
