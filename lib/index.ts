/** What a team embeds in its own CDK app. */

export { defineConfig } from './config/define-config.ts';
export { ConfigError, type ConfigProblem } from './config/problems.ts';
export type { StageConfig, StageName, VestibuleConfig } from './config/types.ts';
export { CustomerIdentity, type CustomerIdentityProps } from './customer-identity.ts';
export { MailStack, type MailStackProps } from './identity/mail-stack.ts';
export { VestibuleStack, type VestibuleStackProps } from './vestibule-stack.ts';
