import { isBanned, type Method, methods, type PasswordlessMethod } from '../../lambdas/core/configuration.ts';
import { compileAuthentication } from '../config/authentication.ts';
import { defaultPasswordLength } from '../config/password-length.ts';
import { providerLabel, providerName } from '../config/providers.ts';
import type { StageName, VestibuleConfig } from '../config/types.ts';
import { type PortalBrand, portalBrands } from './portal-brands.ts';

/** `/portal/configuration.json`: what the pages need to know before anybody has signed in. Public, so nothing secret. */
export interface PortalConfiguration {
  readonly version: 1;
  readonly languages: readonly string[];
  /** The first is the default. */
  readonly brands: readonly PortalBrand[];
  /** That the policy of most clients allows; a sign-in offers what its person may use. */
  readonly methods: readonly Method[];
  readonly passwordless: readonly PasswordlessMethod[];
  readonly providers: readonly { readonly name: string; readonly label: string; readonly kind: string }[];
  /** Whether texts are sent in this stage. */
  readonly sms: boolean;
  /** Characters of a new password. */
  readonly passwordMinLength: number;
}

export function portalConfiguration(config: VestibuleConfig, stage: StageName): PortalConfiguration {
  const { base } = compileAuthentication(config.authentication);
  const sms = config.stages[stage].sms !== undefined;
  const allowed = methods.filter((method) => !isBanned(base, method) && (method !== 'sms-code' || sms));
  return {
    version: 1,
    languages: config.languages,
    brands: portalBrands(config),
    methods: allowed,
    passwordless: base.passwordless.filter((method) => allowed.includes(method)),
    providers: (config.providers ?? []).map((provider) => ({
      name: providerName(provider),
      label: providerLabel(provider),
      kind: provider.kind,
    })),
    sms,
    passwordMinLength: config.password?.minLength ?? defaultPasswordLength,
  };
}
