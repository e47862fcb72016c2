import type { StringMap } from './triggers/triggers.ts';

/** What a message is about, as its trigger's source is called. */
export type MessageSource =
  | 'SignUp'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'AdminCreateUser'
  | 'Authentication';

export interface CodeMessage {
  readonly source: MessageSource;
  readonly attribute: string;
  readonly destination: string;
  readonly code: string;
  readonly clientMetadata?: StringMap;
}
