import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { ServiceFactory } from '../../../local/platform.ts';
import { openStore } from '../../../local/store.ts';
import { logged, probeAssembly, probeService, signed, startProbe } from './probe-cloud.ts';

let directory: string;
const open: RunningCloud[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-cloud-'));
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
  await rm(directory, { recursive: true });
});

async function start(options: Parameters<typeof startProbe>[0] = {}): Promise<RunningCloud> {
  const running = await startProbe(options);
  open.push(running);
  return running;
}

const count = async ({ outputs }: RunningCloud): Promise<unknown> => {
  const headers = { ...signed('LOCALOPERATOR'), 'x-amz-target': 'TrentService.Count' };
  return (await fetch(outputs.endpoints.aws, { method: 'POST', headers, body: '{}' })).json();
};

describe('startCloud', () => {
  it('tells every id and endpoint in outputs.json', async () => {
    const { outputs, cloud } = await start({ directory, ephemeral: false, stage: 'dev' });
    expect(JSON.parse(await readFile(join(directory, 'outputs.json'), 'utf8'))).toEqual(outputs);
    expect(cloud.outputs?.()).toEqual(outputs);
    const { url } = outputs;
    expect(outputs).toMatchObject({
      version: 1,
      stage: 'dev',
      region: 'eu-west-1',
      userPoolId: 'eu-west-1_Probe',
      endpoints: {
        identityApi: `${url}/api`,
        cognitoIdp: `${url}/_aws/cognito-idp`,
        issuer: `${url}/eu-west-1_Probe`,
        openapi: `${url}/api/v1/openapi.json`,
        mailbox: `${url}/_mailbox`,
        console: `${url}/`,
      },
      audit: { directory: join(directory, 's3', 'audit') },
      credentials: { accessKeyId: 'LOCALOPERATOR' },
    });
  });

  it('has outputs.json only while it runs', async () => {
    const first = await start({ directory, ephemeral: false });
    await first.stop();
    expect(existsSync(join(directory, 'outputs.json'))).toBe(false);
    const { outputs } = await start({ directory });
    expect(JSON.parse(await readFile(join(directory, 'outputs.json'), 'utf8'))).toEqual(outputs);
  });

  it('keeps state and names over a restart', async () => {
    const first = await start({ directory, ephemeral: false });
    expect([await count(first), await count(first)]).toEqual([1, 2]);
    await first.stop();
    const second = await start({ directory, ephemeral: false });
    expect(await count(second)).toBe(3);
    expect([first.outputs.stack.Known, second.outputs.stack.Known]).toEqual(['false', 'true']);
    expect(second.outputs.stack.Key).toBe(first.outputs.stack.Key);
  });

  it('keeps nothing when ephemeral', async () => {
    const first = await start();
    expect(await count(first)).toBe(1);
    expect(existsSync(first.cloud.directory)).toBe(true);
    await first.stop();
    expect(existsSync(first.cloud.directory)).toBe(false);
    expect(await count(await start())).toBe(1);
  });

  it('refuses a directory that another cloud uses, and leaves that one alone', async () => {
    const first = await start({ directory, ephemeral: false });
    await expect(start({ directory, ephemeral: false })).rejects.toMatchObject({ name: 'DirectoryInUse' });
    expect(await count(first)).toBe(1);
  });

  it('leaves the outputs.json of a running cloud alone, ephemeral or not', async () => {
    const first = await start({ directory });
    await expect(start({ directory })).rejects.toMatchObject({ name: 'DirectoryInUse' });
    expect(JSON.parse(await readFile(join(directory, 'outputs.json'), 'utf8'))).toEqual(first.outputs);
    await first.stop();
    expect(await count(await start({ directory, ephemeral: false }))).toBe(1);
  });

  it('refuses a directory that another version wrote', async () => {
    const store = await openStore(join(directory, 'state'));
    await store.collection('meta').set('schema', 99);
    await store.close();
    const refused = { name: 'StateOfOtherVersion', message: expect.stringContaining('schema 99') };
    await expect(start({ directory, ephemeral: false })).rejects.toMatchObject(refused);
    await expect(start({ directory, ephemeral: false })).rejects.toMatchObject(refused); // not locked by the first
  });

  it('names a port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      name: 'PortInUse',
      message: `port ${port} is in use: if that is another local cloud, end it; or choose another port with --port`,
    });
    other.close();
  });

  it('takes values for parameters and refuses those out of bounds', async () => {
    const { cloud } = await start({ parameters: { Limit: '9' } });
    expect(cloud.functions).toBeDefined();
    await expect(start({ parameters: { Limit: '10' } })).rejects.toThrow(
      'Limit: expected at most 9, got "10"',
    );
  });

  it('ends what it started when a resource cannot be provisioned', async () => {
    const ended: string[] = [];
    const failing: ServiceFactory = () => ({
      name: 'failing',
      providers: [
        {
          type: 'Probe::Test::Broken',
          provision: async () => {
            throw new Error('does not work');
          },
        },
      ],
      stop: async () => {
        ended.push('failing');
      },
    });
    const assembly = { stackName: 'Probe', template: { Resources: { B: { Type: 'Probe::Test::Broken' } } } };
    const started = start({ directory, ephemeral: false, assembly, services: [failing] });
    await expect(started).rejects.toThrow('B (Probe::Test::Broken): does not work');
    expect(ended).toEqual(['failing']);
    expect(existsSync(join(directory, 'outputs.json'))).toBe(false);
    await start({ directory, ephemeral: false }); // neither locked nor broken
  });

  it('lets services find each other, call ready after provisioning, and end in reverse order', async () => {
    const events: string[] = [];
    const named =
      (name: string): ServiceFactory =>
      (cloud) => ({
        name,
        providers: [],
        ready: async () => {
          events.push(`ready ${name}, sees ${cloud.service('second').name}`);
        },
        stop: async () => {
          events.push(`stop ${name}`);
        },
      });
    const running = await start({
      services: [named('first'), named('second'), probeService],
      assembly: {
        ...probeAssembly,
        template: { Resources: {} },
      },
    });
    expect(() => running.cloud.service('third')).toThrow('no service third');
    await running.stop();
    expect(events).toEqual([
      'ready first, sees second',
      'ready second, sees second',
      'stop second',
      'stop first',
    ]);
    expect(logged.join('\n')).not.toContain('error');
  });
});
