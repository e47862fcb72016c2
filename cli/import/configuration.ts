import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import type { AdmissionRules } from '../../lambdas/core/migration/candidate.ts';

const texts = v.record(v.string(), v.string());
const configuration = v.object({
  languages: v.pipe(v.array(v.string()), v.minLength(1)),
  profile: v.object({
    fields: v.array(
      v.looseObject({
        name: v.string(),
        type: v.picklist(['text', 'choice', 'date', 'boolean', 'number']),
        label: texts,
        purpose: v.string(),
        collect: v.picklist(['registration', 'prompt', 'profile']),
        weight: v.number(),
      }),
    ),
  }),
  purposes: v.array(
    v.object({
      name: v.string(),
      basis: v.picklist(['consent', 'contract']),
      requiredAtRegistration: v.boolean(),
      versions: v.array(v.object({ version: v.string(), material: v.boolean(), texts })),
    }),
  ),
});

/** Fields, purposes and languages of `vestibule.config.ts`, as the functions get them: with the hashes of the texts. */
export async function readConfiguration(
  file: string,
): Promise<Pick<AdmissionRules, 'languages' | 'purposes' | 'profile'>> {
  const module = (await import(pathToFileURL(resolve(file)).href).catch((cause: unknown) => {
    throw new Error(`--config ${file}: cannot be read`, { cause });
  })) as { default?: unknown };
  const { languages, profile, purposes } = v.parse(configuration, module.default);
  return {
    languages,
    profile,
    purposes: purposes.map((purpose) => ({
      ...purpose,
      versions: purpose.versions.map((version) => ({ ...version, textHashes: hashesOf(version.texts) })),
    })),
  };
}

const hashesOf = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given).map(([language, text]) => [
      language,
      createHash('sha256').update(text, 'utf8').digest('hex'),
    ]),
  );
