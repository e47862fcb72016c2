import { createHash } from 'node:crypto';
import type {
  DeployedConfiguration,
  LocalizedText,
  PromptingPolicy,
  ServiceConfiguration,
} from '../../lambdas/core/configuration.ts';
import { compileAuthentication } from './authentication.ts';
import { compileBrands } from './compile-brands.ts';
import { defaultPasswordLength } from './password-length.ts';
import { providerRule } from './providers.ts';
import type { MigrationConfig, PasswordConfig, StageName, VestibuleConfig } from './types.ts';

const defaultPrompting: PromptingPolicy = { perVisit: 2, coolDownHours: 24, skipDays: 30, maxSkips: 3 };

/** The part of the configuration that functions read, with every default filled in. Contains no secrets. */
export function compileConfig(config: VestibuleConfig, stage: StageName): DeployedConfiguration {
  return {
    stage,
    ...compileBrands(config),
    languages: config.languages,
    mail: { from: config.mail.from, ...(config.mail.replyTo && { replyTo: config.mail.replyTo }) },
    mailDomains: { allow: config.mailDomains?.allow ?? [], deny: config.mailDomains?.deny ?? [] },
    password: passwordRules(config.password),
    profile: {
      fields: config.profile.fields,
      prompting: { ...defaultPrompting, ...config.profile.prompting },
    },
    purposes: config.purposes.map((purpose) => ({
      ...purpose,
      versions: purpose.versions.map((version) => ({ ...version, textHashes: hashes(version.texts) })),
    })),
    tiers: config.tiers,
    providers: (config.providers ?? []).map(providerRule),
    origins: config.stages[stage].origins,
    ...(config.migration?.enabled && { migration: migrationOf(config.migration) }),
    authentication: compileAuthentication(config.authentication),
    ...(config.stages[stage].sms && { sms: config.stages[stage].sms }),
  };
}

const defaultLegacyTimeoutMs = 1_500;

const migrationOf = ({ legacyEndpoint }: MigrationConfig): ServiceConfiguration['migration'] => ({
  ...(legacyEndpoint && {
    legacyEndpoint: {
      url: legacyEndpoint.url,
      timeoutMs: legacyEndpoint.timeoutMs ?? defaultLegacyTimeoutMs,
    },
  }),
});

const passwordRules = ({
  minLength = defaultPasswordLength,
  minLengthWithFactor,
  rangeQuery,
}: PasswordConfig = {}): ServiceConfiguration['password'] => ({
  minLength,
  ...(minLengthWithFactor !== undefined && { minLengthWithFactor }),
  ...(rangeQuery && { rangeQuery }),
});

const hashes = (texts: LocalizedText): LocalizedText =>
  Object.fromEntries(
    Object.entries(texts).map(([language, text]) => [
      language,
      createHash('sha256').update(text, 'utf8').digest('hex'),
    ]),
  );
