import { ulid } from 'ulid';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type { MailboxCodes, PasswordProof, Recoveries } from '../../lambdas/core/recovery/ports.ts';
import type { RecoveryPorts } from '../../lambdas/core/recovery/recover.ts';
import { isOpen, type Recovery, stateAt } from '../../lambdas/core/recovery/recovery.ts';
import type { Request } from '../../lambdas/core/registration/requester.ts';
import type { Mail } from '../../lambdas/ports.ts';
import { NOW, plainPseudonyms } from './registration.ts';

export const aRequest = (address = 'ada@example.com'): Request => ({
  identifier: address as Identifier,
  pseudonym: `pseudonym-of-${address}` as Pseudonym,
  requester: {
    network: 'network' as Pseudonym,
    address: 'address' as Pseudonym,
    device: 'device' as Pseudonym,
    label: 'Firefox on Windows',
  },
});

/** The person of the tests: one address, one password, some factors; with the same atomic steps as the tables. */
export class RecoveryWorld implements Recoveries, MailboxCodes, PasswordProof {
  readonly sub = '6f1c2d3e-0000-4000-8000-000000000001' as Sub;
  readonly owner = aRequest();
  password = 'four words are plenty';
  factors = 2;
  sessionsEnded = 0;
  time = NOW;
  recovery: Recovery | undefined;
  readonly events: AuditEvent[] = [];
  readonly mails: Mail[] = [];
  readonly waits: number[] = [];
  mailFailure: Error | undefined;
  mailFailures = 0;
  private readonly codes = new Map<Pseudonym, { hash: Pseudonym; expiresAt: number; attempts: number }>();
  private ids = 0;

  readonly ports: RecoveryPorts = {
    recoveries: this,
    codes: this,
    password: this,
    ownerOf: async (address) => (address === this.owner.pseudonym ? this.sub : undefined),
    limits: { take: async () => this.addressWait },
    outbox: { put: async (event) => void this.events.push(event) },
    mailer: {
      send: async (mail) => {
        if (this.mailFailure) throw this.mailFailure;
        this.mails.push(mail);
      },
    },
    pseudonyms: plainPseudonyms,
    clock: { now: () => this.time },
    random: {
      id: () => `recovery-${++this.ids}`,
      ulid: (now) => ulid(now),
      digits: (count) => `${this.ids++}`.padStart(count, '7'),
    },
    mailFailed: () => {
      this.mailFailures += 1;
    },
    wait: async (milliseconds) => void this.waits.push(milliseconds),
  };
  addressWait: number | undefined;

  /** What the latest mail with a code says. */
  get mailedCode(): string {
    return (
      /^ {4}(\d+)$/m.exec(this.mails.findLast(({ kind }) => kind === 'recovery-code')?.text ?? '')?.[1] ?? ''
    );
  }

  async find() {
    return this.recovery;
  }
  async hasFactors() {
    return this.factors > 0;
  }
  async start(recovery: Recovery, standing: Recovery | undefined, event: AuditEvent) {
    if (this.recovery !== standing) return false;
    this.recovery = recovery;
    this.events.push(event);
    return true;
  }
  async cancel({ id }: Pick<Recovery, 'id'>, event: AuditEvent) {
    if (this.recovery?.id !== id || this.recovery.status !== 'requested') return false;
    this.recovery = { ...this.recovery, status: 'cancelled' };
    this.events.push(event);
    return true;
  }
  async complete({ id }: Recovery, now: number, _cutoff: unknown, event: AuditEvent) {
    if (this.recovery?.id !== id || stateAt(this.recovery, now) !== 'ready') return false;
    this.recovery = { ...this.recovery, status: 'completed' };
    this.factors = 0;
    this.sessionsEnded += 1;
    this.events.push(event);
    return true;
  }
  async issue(address: Pseudonym, hash: Pseudonym, expiresAt: number) {
    this.codes.set(address, { hash, expiresAt, attempts: 0 });
    return true;
  }
  async matches(address: Pseudonym, hash: Pseudonym) {
    const code = this.codes.get(address);
    if (!code || code.attempts >= 3 || code.expiresAt <= this.time) return false;
    code.attempts += 1;
    return code.hash === hash;
  }
  async spend(address: Pseudonym, hash: Pseudonym) {
    return this.codes.get(address)?.hash === hash && this.codes.delete(address);
  }
  async prove(_identifier: Identifier, password: string) {
    return password === this.password;
  }
  get isOpen() {
    return isOpen(this.recovery, this.time);
  }
}
