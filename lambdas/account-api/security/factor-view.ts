import { createHash } from 'node:crypto';
import type { Factors, PasskeyFactor, PhoneFactor, TotpFactor } from '../../core/factor/factor.ts';
import { enrolmentProblem, type FactorKind, type FactorPolicy } from '../../core/factor/policy.ts';

/** Names a passkey in paths; credential ids are too long for one, and nobody's business. */
export const passkeyHandle = ({ id }: Pick<PasskeyFactor, 'id'>): string =>
  createHash('sha256').update(id).digest('hex').slice(0, 32);

export const passkeyView = (passkey: PasskeyFactor) => ({
  id: passkeyHandle(passkey),
  name: passkey.name,
  synced: passkey.deviceType === 'multiDevice',
  enrolledAt: passkey.enrolledAt,
  ...(passkey.lastUsedAt && { lastUsedAt: passkey.lastUsedAt }),
});

export const totpView = ({ name, enrolledAt, lastUsedAt }: TotpFactor) => ({
  name,
  enrolledAt,
  ...(lastUsedAt && { lastUsedAt }),
});

/** `+49…78`: enough to recognise one's own number. */
export const maskedNumber = (number: string): string => `${number.slice(0, 3)}…${number.slice(-2)}`;

export const phoneView = ({ number, country, enrolledAt, lastUsedAt }: PhoneFactor) => ({
  number: maskedNumber(number),
  country,
  enrolledAt,
  ...(lastUsedAt && { lastUsedAt }),
});

const kinds = ['passkey', 'totp', 'phone', 'recovery-codes'] as const satisfies readonly FactorKind[];

/** @param sendsSms - whether this installation can reach a phone at all */
export function factorsView(factors: Factors, policy: FactorPolicy, sendsSms: boolean) {
  const { passkeys, totp, phone, recoveryCodes } = factors;
  const canSend = (kind: FactorKind) => kind !== 'phone' || sendsSms;
  return {
    passkeys: passkeys.map(passkeyView),
    ...(totp && { totp: totpView(totp) }),
    ...(phone && { phone: phoneView(phone) }),
    ...(recoveryCodes && {
      recoveryCodes: { left: recoveryCodes.hashes.length, createdAt: recoveryCodes.createdAt },
    }),
    canEnrol: kinds.filter((kind) => canSend(kind) && !enrolmentProblem(factors, kind, policy)),
  };
}
