import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../local/assembly/template.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-assembly-'));
});
afterEach(() => rm(directory, { recursive: true }));

const stack = (name: string, region = 'unknown-region') => ({
  type: 'aws:cloudformation:stack',
  environment: `aws://unknown-account/${region}`,
  properties: { templateFile: `${name}.template.json` },
});

async function write(stacks: Record<string, unknown>, template: unknown): Promise<void> {
  const artifacts = { ...stacks, Tree: { type: 'cdk:tree' } };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  for (const name of Object.keys(stacks)) await writeFile(join(directory, `${name}.template.json`), text);
}

describe('readAssembly', () => {
  it('reads the only stack, with asset paths made absolute', async () => {
    const Metadata = { 'aws:asset:path': 'asset.1', other: 1 };
    await write({ S: stack('S') }, { Resources: { F: { Type: 'AWS::Lambda::Function', Metadata } } });
    expect(await readAssembly(directory)).toEqual({
      stackName: 'S',
      template: {
        Resources: {
          F: {
            Type: 'AWS::Lambda::Function',
            Metadata: { 'aws:asset:path': join(directory, 'asset.1'), other: 1 },
          },
        },
      },
    });
  });

  it('reads the named one of several, with its region', async () => {
    await write({ A: stack('A'), B: stack('B', 'eu-central-1') }, { Resources: {} });
    expect(await readAssembly(directory, 'B')).toMatchObject({ stackName: 'B', region: 'eu-central-1' });
  });

  it.each([
    { name: undefined, message: 'has no stack (name one); its stacks: A, B' },
    { name: 'C', message: 'has no stack C; its stacks: A, B' },
  ])('says which stacks there are when asked for $name', async ({ name, message }) => {
    await write({ A: stack('A'), B: stack('B') }, { Resources: {} });
    await expect(readAssembly(directory, name)).rejects.toThrow(message);
  });

  it.each([
    { template: '{', message: 'is no JSON' },
    { template: {}, message: 'S.template.json: Resources is missing' },
    { template: { Resources: { F: {} } }, message: 'Resources.F.Type is missing' },
    { template: { Resources: { F: null } }, message: 'Resources.F.Type is missing' },
  ])('refuses a broken template: $message', async ({ template, message }) => {
    await write({ S: stack('S') }, template);
    await expect(readAssembly(directory)).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringContaining(message),
    });
  });

  it('says how to make an assembly where there is none', async () => {
    await expect(readAssembly(join(directory, 'none'))).rejects.toThrow('run "npm run synth"');
  });
});
