import type { SettingName } from '../lib/parameters/definitions.ts';

/**
 * Template parameters under which a bench measures work and not limits: the web ACLs evaluate every rule and count,
 * limits per address are at their bounds (all load comes from one), and no answer is held back.
 */
export const workParameters: Readonly<Partial<Record<SettingName, string>>> = {
  WafMode: 'count',
  WafSignInLimit: '100000',
  WafRegistrationLimit: '100000',
  WafRecoveryLimit: '100000',
  RegistrationsPerAddressPerHour: '1000',
  SmsPerAddressPerHour: '10000',
  UniformAnswerMs: '0',
};
