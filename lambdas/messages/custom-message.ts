import type { CustomMessageTriggerEvent } from 'aws-lambda';
import { brandMetadataKey, brandOfClient, inBrand } from '../core/brand.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';
import { type MailKind, renderMail } from '../core/messages/render.ts';

/** Cognito's limits for a mail of a pool that sends through SES. */
const maxBodyLength = 20_000;
const maxSubjectLength = 140;

type CodeMail = Extract<MailKind, 'confirmation' | 'sign-in-code' | 'password-reset'>;

/**
 * Moving the address moves the code factor and the way to recover a password with it, and an access token is all that
 * Cognito asks for. Without the code nobody can verify a new address, so it never comes into force. The text reaches
 * the caller.
 */
const addressChanges: ReadonlySet<string> = new Set([
  'CustomMessage_UpdateUserAttribute',
  'CustomMessage_VerifyUserAttribute',
]);

/** Sources accepted, with the mail that each gets. `undefined` keeps the text of the pool's own template. */
const mailBySource: Readonly<Partial<Record<CustomMessageTriggerEvent['triggerSource'], CodeMail>>> = {
  CustomMessage_SignUp: 'confirmation',
  CustomMessage_ResendCode: 'confirmation',
  CustomMessage_ForgotPassword: 'password-reset',
  CustomMessage_Authentication: 'sign-in-code',
  // Carries a user name and a temporary password instead of a code; an operator's invitation is the pool's template.
  CustomMessage_AdminCreateUser: undefined,
};

/** Native codes of Cognito live as long as its session: three minutes by default. */
const nativeCodeMinutes = 3;

/**
 * Our mail with Cognito's code placeholder in place of the code. Pure and repeatable: nothing is sent from here.
 * @param client - name of the app client, where a brand has clients
 * @throws Error `REAUTHENTICATION_REQUIRED` for the code of a new address, which an access token alone asked for
 */
export function customMessage<E extends CustomMessageTriggerEvent>(
  event: E,
  configuration: Pick<ServiceConfiguration, 'brand' | 'brands' | 'languages'>,
  client?: string,
): E {
  if (addressChanges.has(event.triggerSource)) throw new Error('REAUTHENTICATION_REQUIRED');
  const kind = mailBySource[event.triggerSource];
  if (!kind) return event;
  const code = event.request.codeParameter;
  const wish = event.request.clientMetadata?.[brandMetadataKey] as string | undefined;
  const config = inBrand(configuration, wish, brandOfClient(configuration, client));
  const mail = renderMail(kind, languageOf(event), { code, expiresInMinutes: nativeCodeMinutes }, config);
  if (
    mail.html.length > maxBodyLength ||
    mail.subject.length > maxSubjectLength ||
    !mail.html.includes(code)
  ) {
    // Cognito would refuse the answer with a worse message; its own template is better than no mail.
    return event;
  }
  const smsMessage = `${config.brand.name.slice(0, 100)}: ${code}`;
  return {
    ...event,
    response: { ...event.response, emailSubject: mail.subject, emailMessage: mail.html, smsMessage },
  };
}

/** The person's own language first; the caller's wish counts while the person has none. */
function languageOf({ request }: CustomMessageTriggerEvent): string | undefined {
  const { locale } = request.userAttributes as Readonly<Record<string, string | undefined>>;
  return locale || (request.clientMetadata?.locale as string | undefined) || undefined;
}
