import { AwsError } from '../platform.ts';
import type { SesService } from '../services/ses/index.ts';
import { type Call, type Engine, triggerContext } from './engine.ts';
import { plainText } from './mail-text.ts';
import type { CodeMessage, MessageSource } from './message.ts';
import type { Client, Pool, User } from './model.ts';
import { deliverSms, smsText } from './sms.ts';
import type { CustomMessage } from './triggers/responses.ts';

export interface CodeDelivery {
  readonly AttributeName: string;
  readonly DeliveryMedium: 'EMAIL' | 'SMS';
  readonly Destination: string;
}

type MessageCall = Call & { readonly pool: Pool; readonly client?: Client };

const usernameParameter = '{username}';
const senderOfDefaults = 'no-reply@verificationemail.com';

/**
 * Sends a code or a temporary password, worded by the CustomMessage trigger, the pool or AWS's default, in this order.
 * @throws AwsError `CodeDeliveryFailureException` when the message cannot be handed over,
 * `InvalidSmsRoleAccessPolicyException` for an SMS of a pool that sends none
 */
export async function sendCode(
  engine: Engine,
  call: MessageCall,
  user: User,
  message: CodeMessage,
): Promise<CodeDelivery> {
  const invites = message.source === 'AdminCreateUser';
  const context = triggerContext(call, message.clientMetadata);
  const parameter = invites ? usernameParameter : null;
  const custom = await engine.triggers.customMessage(context, message.source, user, parameter);
  const fill = (text: string) =>
    text
      .replaceAll('{####}', message.code)
      .replaceAll(usernameParameter, invites ? user.username : usernameParameter);
  const addressed = { ...message, kind: kinds[message.source] };
  if (message.attribute === 'phone_number') {
    const text = custom.smsMessage ?? smsText(call.pool, message.source);
    await deliverSms(engine, call.pool, addressed, fill(text));
  } else {
    const worded = { ...wording(call.pool, message.source), ...given(custom) };
    await deliver(engine, call.pool, addressed, fill(worded.subject), fill(worded.body));
  }
  return deliveryTo(message.attribute, message.destination);
}

export const deliveryTo = (attribute: string, destination: string): CodeDelivery =>
  attribute === 'email'
    ? { AttributeName: attribute, DeliveryMedium: 'EMAIL', Destination: maskEmail(destination) }
    : { AttributeName: attribute, DeliveryMedium: 'SMS', Destination: `+*******${destination.slice(-4)}` };

const maskEmail = (address: string): string => {
  const [local = '', domain = ''] = address.split('@');
  return `${local.charAt(0)}***@${domain.charAt(0)}***`;
};

interface Wording {
  readonly subject: string;
  readonly body: string;
}

function wording(pool: Pool, source: MessageSource): Wording {
  if (source === 'AdminCreateUser') return invitation(pool);
  return source === 'Authentication' ? authentication(pool) : verification(pool);
}

const authentication = ({ factors }: Pool): Wording => ({
  subject: factors?.emailSubject ?? 'Your authentication code',
  body: factors?.emailMessage ?? 'Your authentication code is {####}',
});

function verification({ settings }: Pool): Wording {
  const template = settings.VerificationMessageTemplate;
  return {
    subject: template?.EmailSubject ?? settings.EmailVerificationSubject ?? 'Your verification code',
    body: template?.EmailMessage ?? settings.EmailVerificationMessage ?? 'Your confirmation code is {####}',
  };
}

function invitation({ settings }: Pool): Wording {
  const template = settings.AdminCreateUserConfig?.InviteMessageTemplate;
  return {
    subject: template?.EmailSubject ?? 'Your temporary password',
    body: template?.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
  };
}

const given = ({ emailSubject, emailMessage }: CustomMessage): Partial<Wording> => ({
  ...(emailSubject === undefined ? {} : { subject: emailSubject }),
  ...(emailMessage === undefined ? {} : { body: emailMessage }),
});

/** What the mailbox calls them. */
const kinds: Readonly<Record<MessageSource, string>> = {
  SignUp: 'confirmation',
  ResendCode: 'confirmation',
  ForgotPassword: 'password-reset',
  UpdateUserAttribute: 'address-verification',
  VerifyUserAttribute: 'address-verification',
  AdminCreateUser: 'invitation',
  Authentication: 'sign-in-code',
};

async function deliver(
  engine: Engine,
  pool: Pool,
  message: CodeMessage & { readonly kind: string },
  subject: string,
  body: string,
): Promise<void> {
  const identityRequired = pool.settings.EmailConfiguration?.EmailSendingAccount === 'DEVELOPER';
  const content = { text: plainText(body), html: body, kind: message.kind };
  try {
    const mail = engine.cloud.service<SesService>('ses');
    await mail.deliver(
      { from: sender(pool), to: message.destination, subject, ...content },
      { identityRequired },
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    engine.cloud.log.error('cognito-idp: mail was not delivered', { pool: pool.id, reason });
    throw new AwsError('CodeDeliveryFailureException', 'Unable to deliver message');
  }
}

function sender({ settings }: Pool): string {
  const email = settings.EmailConfiguration;
  if (email?.EmailSendingAccount !== 'DEVELOPER') return senderOfDefaults;
  const identity = email.SourceArn?.split('/').at(-1) ?? '';
  return email.From ?? (identity.includes('@') ? identity : `no-reply@${identity}`);
}
