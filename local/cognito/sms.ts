import { AwsError } from '../platform.ts';
import type { SesService } from '../services/ses/index.ts';
import type { Engine } from './engine.ts';
import type { CodeMessage, MessageSource } from './message.ts';
import type { Pool } from './model.ts';
import { sendsSms } from './pool-factors.ts';

/** The text AWS sends where neither the trigger nor the pool has one. */
export function smsText({ settings }: Pool, source: MessageSource): string {
  if (source === 'AdminCreateUser') {
    return (
      settings.AdminCreateUserConfig?.InviteMessageTemplate?.SMSMessage ??
      'Your username is {username} and temporary password is {####}.'
    );
  }
  if (source === 'Authentication') {
    return settings.SmsAuthenticationMessage ?? 'Your authentication code is {####}.';
  }
  return (
    settings.VerificationMessageTemplate?.SmsMessage ??
    settings.SmsVerificationMessage ??
    'Your verification code is {####}.'
  );
}

/**
 * Whether the pool's role may publish is not checked: there is no SNS to publish to.
 * @throws AwsError `InvalidSmsRoleAccessPolicyException` without a configuration, `CodeDeliveryFailureException`
 */
export async function deliverSms(
  engine: Engine,
  pool: Pool,
  { destination, kind }: CodeMessage & { readonly kind: string },
  text: string,
): Promise<void> {
  if (!sendsSms(pool.settings)) {
    throw new AwsError(
      'InvalidSmsRoleAccessPolicyException',
      'User pool does not have SMS configuration to send messages.',
    );
  }
  try {
    await engine.cloud.service<SesService>('ses').deliverSms({ to: destination, text, kind });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    engine.cloud.log.error('cognito-idp: SMS was not delivered', { pool: pool.id, reason });
    throw new AwsError('CodeDeliveryFailureException', 'Unable to deliver message');
  }
}
