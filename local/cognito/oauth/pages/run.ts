import { createHmac } from 'node:crypto';
import { AwsError } from '../../../platform.ts';
import { secretsOf } from '../../client-secret.ts';
import type { Client } from '../../model.ts';
import { operations } from '../../operations/index.ts';
import type { DomainRequest } from '../domains.ts';
import type { Texts } from './texts.ts';

/** Does for the pages what the operation of this name does for an app, with the app's client. */
export async function runOperation(
  { engine, http }: DomainRequest,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no operation ${name}`);
  const call = { operation: name, sdkVersion: 'aws-sdk-unknown-unknown', sourceIp: http.sourceIp };
  return { ...(await operation.run(engine, Buffer.from(JSON.stringify(input)), call)) };
}

/** The members that every operation on behalf of a client has. */
export function asClient(client: Client, username: string) {
  const { id } = client;
  const [secret] = secretsOf(client);
  const hash = secret && createHmac('sha256', secret.value).update(`${username}${id}`).digest('base64');
  return { ClientId: id, Username: username, ...(hash ? { SecretHash: hash } : {}) };
}

const passwordPolicy = /^Password did not conform with policy: /;

/** What a person may be told. A refusal of the pool's own functions is shown as they word it, as AWS does. */
export function messageOf(error: unknown, texts: Texts): string {
  if (!(error instanceof AwsError)) throw error;
  switch (error.name) {
    case 'NotAuthorizedException':
      if (/attempts exceeded/i.test(error.message)) return texts.tooMany;
      return /session/i.test(error.message) ? texts.expired : texts.wrongCredentials;
    case 'UserNotFoundException':
      return texts.wrongCredentials;
    case 'CodeMismatchException':
    case 'ExpiredCodeException':
      return texts.wrongCode;
    case 'EnableSoftwareTokenMFAException':
      return texts.wrongCode;
    case 'LimitExceededException':
    case 'TooManyRequestsException':
    case 'TooManyFailedAttemptsException':
      return texts.tooMany;
    case 'InvalidPasswordException':
    case 'PasswordHistoryPolicyViolationException':
      return texts.passwordRefused(error.message.replace(passwordPolicy, ''));
    case 'UserLambdaValidationException':
      return error.message;
    case 'InvalidParameterException':
      return error.message;
    default:
      return texts.failed;
  }
}

export const isError = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof AwsError && names.includes(error.name);
