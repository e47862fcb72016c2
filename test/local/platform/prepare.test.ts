import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareAssembly } from '../../../local/assembly/prepare.ts';
import { readAssembly } from '../../../local/assembly/template.ts';

describe('prepareAssembly', () => {
  it('synthesizes once for the same sources, also when asked twice at a time', {
    timeout: 90_000,
  }, async () => {
    const steps: string[] = [];
    const [first, second] = await Promise.all([prepareAssembly(), prepareAssembly()]);
    const writtenAt = (await stat(join(first, 'manifest.json'))).mtimeMs;
    const third = await prepareAssembly({ onProgress: (step) => steps.push(step) });
    expect([second, third]).toEqual([first, first]);
    expect((await stat(join(third, 'manifest.json'))).mtimeMs).toBe(writtenAt);
    expect(steps).toEqual([]);
  });

  it('gives an assembly whose functions have their code', { timeout: 90_000 }, async () => {
    const { template } = await readAssembly(await prepareAssembly(), 'Vestibule-dev');
    const functions = Object.values(template.Resources).filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' && String(Properties?.Runtime).startsWith('nodejs'),
    );
    expect(functions.length).toBeGreaterThan(0);
    for (const { Metadata } of functions) {
      const directory = String(Metadata?.['aws:asset:path']);
      expect([existsSync(join(directory, 'index.js')), existsSync(join(directory, 'config.json'))]).toEqual([
        true,
        true,
      ]);
    }
  });

  it('says what the app said when it does not synthesize', async () => {
    await expect(prepareAssembly({ stage: 'nowhere' })).rejects.toMatchObject({
      name: 'TemplateError',
      message: 'the app does not synthesize:\nstage: expected one of dev, prod, got nowhere',
    });
  });
});
