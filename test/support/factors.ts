import { randomBytes } from 'node:crypto';
import type { PasskeyFactor, PhoneFactor, TotpFactor } from '../../lambdas/core/factor/factor.ts';
import { iso, NOW } from './account.ts';

export const aTotp = (over: Partial<TotpFactor> = {}): TotpFactor => ({
  kind: 'totp',
  name: 'Phone',
  sealedSecret: 'sealed',
  lastStep: 0,
  enrolledAt: iso(NOW),
  ...over,
});

export const aPhone = (over: Partial<PhoneFactor> = {}): PhoneFactor => ({
  kind: 'phone',
  number: '+4915112345678',
  country: 'DE',
  enrolledAt: iso(NOW),
  ...over,
});

export const aPasskey = (over: Partial<PasskeyFactor> = {}): PasskeyFactor => ({
  kind: 'passkey',
  id: randomBytes(16).toString('base64url'),
  name: 'Laptop',
  publicKey: randomBytes(77).toString('base64url'),
  counter: 1,
  transports: ['internal'],
  deviceType: 'multiDevice',
  backedUp: true,
  enrolledAt: iso(NOW),
  ...over,
});
