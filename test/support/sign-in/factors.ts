import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { sealedFactorSecrets } from '../../../lambdas/adapters/factor-secrets.ts';
import { factorItem } from '../../../lambdas/adapters/factors.ts';
import {
  newRecoveryCode,
  newRecoverySalt,
  recoveryCodeHash,
} from '../../../lambdas/adapters/recovery-codes.ts';
import { totpCode, totpStep } from '../../../lambdas/adapters/totp.ts';
import type { Sub } from '../../../lambdas/core/ids.ts';
import { SoftwareAuthenticator } from '../authenticator.ts';
import { aPasskey, aPhone, aTotp } from '../factors.ts';
import { testKeys, testOrigin } from './services.ts';

/** Base 32. */
const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** Puts factors straight into the Profiles table, as enrolment would leave them. */
export class TestFactors {
  private readonly client: DynamoDBClient;
  private readonly sub: Sub;

  constructor(client: DynamoDBClient, sub: string) {
    this.client = client;
    this.sub = sub as Sub;
  }

  private async put(item: string, factor: object): Promise<void> {
    const Item = marshall({ sub: this.sub, item, ...factor });
    await this.client.send(new PutItemCommand({ TableName: 'profiles', Item }));
  }

  /** @returns the code that the app shows at a time */
  async totp(): Promise<(now: number) => string> {
    const sealedSecret = await sealedFactorSecrets(testKeys).seal(this.sub, totpSecret);
    await this.put(factorItem.totp, aTotp({ sealedSecret }));
    return (now) => totpCode(totpSecret, totpStep(now));
  }

  async phone(over: Parameters<typeof aPhone>[0] = {}): Promise<string> {
    const phone = aPhone({ enrolledAt: '2026-11-01T10:00:00.000Z', ...over });
    await this.put(factorItem.phone, phone);
    return phone.number;
  }

  async recoveryCodes(count = 2): Promise<readonly string[]> {
    const salt = newRecoverySalt();
    const codes = Array.from({ length: count }, newRecoveryCode);
    const hashes = new Set(
      await Promise.all(codes.map((code) => recoveryCodeHash(code.replace('-', ''), salt))),
    );
    await this.put(factorItem.recoveryCodes, {
      kind: 'recovery-codes',
      salt,
      hashes,
      createdAt: '2026-11-22T10:00:00.000Z',
    });
    return codes;
  }

  async passkey(options: { counts?: boolean } = {}): Promise<SoftwareAuthenticator> {
    const authenticator = new SoftwareAuthenticator({ origin: testOrigin, ...options });
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const challenge = 'Y2hhbGxlbmdl';
    const response = authenticator.create({
      challenge,
      rp: { id: 'localhost', name: 'Shop' },
      user: { id: Buffer.from(this.sub).toString('base64url'), name: 'p', displayName: 'p' },
      pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
    });
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: testOrigin,
      expectedRPID: 'localhost',
    });
    if (!registrationInfo) throw new Error('passkey: not registered');
    const { id, publicKey, counter } = registrationInfo.credential;
    const key = Buffer.from(publicKey).toString('base64url');
    await this.put(factorItem.passkey(id), aPasskey({ id, publicKey: key, counter }));
    return authenticator;
  }
}
