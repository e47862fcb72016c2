import { invalidLambdaResponse } from '../errors.ts';
import type { Pool, UserStatus } from '../model.ts';
import { isRecord } from './invoke.ts';
import type { StringMap } from './triggers.ts';

/** What triggers may answer. Anything else is `InvalidLambdaResponseException`, never a guess. */
type Response = Readonly<Record<string, unknown>> | undefined;

export interface SignUpFlags {
  readonly autoConfirmUser: boolean;
  readonly autoVerifyEmail: boolean;
  readonly autoVerifyPhone: boolean;
}

export function readSignUpFlags(response: Response): SignUpFlags {
  return {
    autoConfirmUser: readFlag(response, 'autoConfirmUser'),
    autoVerifyEmail: readFlag(response, 'autoVerifyEmail'),
    autoVerifyPhone: readFlag(response, 'autoVerifyPhone'),
  };
}

export type ChallengeDecision =
  | { readonly kind: 'fail' }
  | { readonly kind: 'issue' }
  | { readonly kind: 'challenge'; readonly name: string };

export function readDecision(response: Response): ChallengeDecision {
  if (readFlag(response, 'failAuthentication')) return { kind: 'fail' };
  if (readFlag(response, 'issueTokens')) return { kind: 'issue' };
  const name = readText(response, 'challengeName');
  if (!name) throw invalidLambdaResponse();
  return { kind: 'challenge', name };
}

export interface ChallengeCreated {
  readonly publicParameters: StringMap;
  readonly privateParameters: StringMap;
  readonly metadata?: string;
}

export function readChallenge(response: Response): ChallengeCreated {
  // AWS names the wrong spelling in its error, which is how most people find it.
  const misspelt = Object.keys(response ?? {}).find(
    (key) => key !== 'challengeMetadata' && key.toLowerCase() === 'challengemetadata',
  );
  if (misspelt) throw invalidLambdaResponse(`Unrecognizable lambda output: ${misspelt}`);
  const metadata = readText(response, 'challengeMetadata');
  return {
    publicParameters: readMap(response, 'publicChallengeParameters') ?? {},
    privateParameters: readMap(response, 'privateChallengeParameters') ?? {},
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export function readAnswerCorrect(response: Response): boolean {
  const value = response?.answerCorrect;
  if (typeof value !== 'boolean') throw invalidLambdaResponse();
  return value;
}

export interface Migration {
  readonly userAttributes: StringMap;
  readonly finalUserStatus: Extract<UserStatus, 'CONFIRMED' | 'RESET_REQUIRED'>;
  readonly suppressMessage: boolean;
  readonly forceAliasCreation: boolean;
}

/** @returns `undefined` when the function knows no such user (it returned no attributes) */
export function readMigration(response: Response): Migration | undefined {
  const userAttributes = readMap(response, 'userAttributes');
  if (!userAttributes) return undefined;
  const status = readText(response, 'finalUserStatus') ?? 'RESET_REQUIRED';
  if (status !== 'CONFIRMED' && status !== 'RESET_REQUIRED') throw invalidLambdaResponse();
  return {
    userAttributes,
    finalUserStatus: status,
    suppressMessage: readText(response, 'messageAction') === 'SUPPRESS',
    forceAliasCreation: readFlag(response, 'forceAliasCreation'),
  };
}

/** Claims of the provider by their names there; values of any kind. */
export function readAttributesToMap(response: Response): Readonly<Record<string, unknown>> {
  const value = response?.userAttributesToMap ?? {};
  if (!isRecord(value)) throw invalidLambdaResponse();
  return value;
}

export interface CustomMessage {
  readonly smsMessage?: string;
  readonly emailMessage?: string;
  readonly emailSubject?: string;
}

const smsLimit = 140;
const emailLimits = { emailMessage: 20_000, emailSubject: 140 } as const;

export function readMessage(response: Response, pool: Pool, usernameParameter: string | null): CustomMessage {
  return { ...readSms(response), ...readEmail(response, pool, usernameParameter) };
}

function readSms(response: Response): CustomMessage {
  const smsMessage = readText(response, 'smsMessage');
  if (smsMessage === undefined) return {};
  if (smsMessage.length > smsLimit) throw invalidLambdaResponse();
  if (!smsMessage.includes('{####}')) {
    throw invalidLambdaResponse('The SMS message does not contain the code parameter {####}.');
  }
  return { smsMessage };
}

function readEmail(response: Response, pool: Pool, usernameParameter: string | null): CustomMessage {
  const emailMessage = readText(response, 'emailMessage');
  const emailSubject = readText(response, 'emailSubject');
  if (emailMessage === undefined && emailSubject === undefined) return {};
  if (pool.settings.EmailConfiguration?.EmailSendingAccount !== 'DEVELOPER') {
    throw invalidLambdaResponse('Email message and subject need EmailSendingAccount DEVELOPER.');
  }
  if ((emailMessage?.length ?? 0) > emailLimits.emailMessage) throw invalidLambdaResponse();
  if ((emailSubject?.length ?? 0) > emailLimits.emailSubject) throw invalidLambdaResponse();
  if (emailMessage !== undefined && !emailMessage.includes('{####}')) {
    throw invalidLambdaResponse('The email message does not contain the code parameter {####}.');
  }
  if (emailMessage !== undefined && usernameParameter && !emailMessage.includes(usernameParameter)) {
    throw invalidLambdaResponse(`The email message does not contain ${usernameParameter}.`);
  }
  return {
    ...(emailMessage === undefined ? {} : { emailMessage }),
    ...(emailSubject === undefined ? {} : { emailSubject }),
  };
}

function readFlag(response: Response, name: string): boolean {
  const value = response?.[name] ?? false;
  if (typeof value !== 'boolean') throw invalidLambdaResponse();
  return value;
}

function readText(response: Response, name: string): string | undefined {
  const value = response?.[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalidLambdaResponse();
  return value;
}

function readMap(response: Response, name: string): StringMap | undefined {
  const value = response?.[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw invalidLambdaResponse();
  if (Object.values(value).some((member) => typeof member !== 'string')) throw invalidLambdaResponse();
  return value as StringMap;
}
