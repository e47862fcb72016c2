import type { ChallengeMethod } from '../../core/risk/decision.ts';
import { emailCode, magicLink } from './mail.ts';
import { passkey } from './passkey.ts';
import { recoveryCode } from './recovery-code.ts';
import type { MethodRound } from './round.ts';
import { smsCode } from './sms-code.ts';
import { totp } from './totp.ts';

export const methodRounds: Readonly<Record<ChallengeMethod, MethodRound>> = {
  passkey,
  totp,
  'sms-code': smsCode,
  'email-code': emailCode,
  'magic-link': magicLink,
  'recovery-code': recoveryCode,
};
