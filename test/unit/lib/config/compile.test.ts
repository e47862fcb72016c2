import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileConfig } from '../../../../lib/config/compile.ts';
import sample from '../../../../vestibule.config.ts';

describe('compileConfig', () => {
  it('adds the hash of each text as it is shown, per language', () => {
    const terms = compileConfig(sample, 'dev').purposes[0]?.versions[0];
    const shown = terms?.texts.de ?? '';
    expect(terms?.textHashes.de).toBe(createHash('sha256').update(Buffer.from(shown, 'utf8')).digest('hex'));
    expect(Object.keys(terms?.textHashes ?? {})).toEqual(['en', 'de', 'fr', 'es', 'ar']);
  });

  it('gives different hashes to texts that differ in one character', () => {
    const [latest, former] = compileConfig(sample, 'dev').purposes[1]?.versions ?? [];
    expect(latest?.textHashes.en).not.toBe(former?.textHashes.en);
  });

  it('takes what depends on the stage from that stage', () => {
    expect(compileConfig(sample, 'dev')).toMatchObject({ stage: 'dev', origins: sample.stages.dev.origins });
    expect(compileConfig(sample, 'prod')).toMatchObject({
      stage: 'prod',
      origins: sample.stages.prod.origins,
    });
  });

  it('fills in every default', () => {
    const bare = {
      ...sample,
      password: undefined,
      mailDomains: undefined,
      profile: { fields: [], prompting: { perVisit: 1 } },
    };
    expect(compileConfig(bare, 'dev')).toMatchObject({
      password: { minLength: 15 },
      mailDomains: { allow: [], deny: [] },
      profile: { prompting: { perVisit: 1, coolDownHours: 24, skipDays: 30, maxSkips: 3 } },
    });
  });

  it('holds nothing of the deployment: no account, callback or archive setting reaches a function', () => {
    const compiled = JSON.stringify(compileConfig(sample, 'prod'));
    for (const word of ['account":', 'callback', 'archive', 'identity']) expect(compiled).not.toContain(word);
  });
});
