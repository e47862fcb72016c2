import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareAssembly } from '../local/assembly/prepare.ts';

/** A function as the template deploys it. */
export interface DeployedFunction {
  readonly label: string;
  /** The asset: `index.js` and `config.json`. */
  readonly directory: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

interface FunctionResource {
  readonly Type: string;
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
  readonly Properties: {
    readonly MemorySize?: number;
    readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  };
}

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Resources: Readonly<Record<string, FunctionResource>>;
}

/**
 * Every function of ours in the synthesized stack, without those that the CDK brings along for its own deployment; what only
 * AWS knows (names, ids) becomes a plausible text.
 */
export async function deployedFunctions(stage = 'dev'): Promise<readonly DeployedFunction[]> {
  const assembly = await prepareAssembly({ stage });
  const text = await readFile(join(assembly, `Vestibule-${stage}.template.json`), 'utf8');
  const { Parameters = {}, Resources } = JSON.parse(text) as Template;
  const textOf = (key: string, value: unknown): string => {
    const { Ref } = Object(value) as { Ref?: string };
    const parameter = Ref && Parameters[Ref]?.Default;
    if (parameter !== undefined && parameter !== '') return String(parameter);
    if (typeof value !== 'object') return String(value);
    return key === 'ISSUER'
      ? 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_bench'
      : (samples[key] ?? 'bench');
  };
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .flatMap(({ Metadata, Properties }) => {
      const variables = Object.entries(Properties.Environment?.Variables ?? {});
      const environment = Object.fromEntries(variables.map(([key, value]) => [key, textOf(key, value)]));
      const label = environment.VESTIBULE_FUNCTION;
      if (label === undefined) return [];
      return [
        {
          label,
          directory: join(assembly, Metadata?.['aws:asset:path'] ?? ''),
          memoryMb: Properties.MemorySize ?? 128,
          environment,
        },
      ];
    });
}

const samples: Readonly<Record<string, string>> = {
  USER_POOL_ID: 'eu-west-1_bench',
  WEB_CLIENT_ID: 'web',
  SERVER_CLIENT_ID: 'server',
  CLIENT_IDS: 'web,server',
  PORTAL_URL: 'https://shop.example/portal',
};
