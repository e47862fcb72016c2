import type { Caller } from '../../api/types.ts';
import { CiamError, type CiamErrorCode } from '../../core/errors.ts';
import type { Factors } from '../../core/factor/factor.ts';
import {
  enrolmentProblem,
  type Factor,
  type FactorKind,
  type FactorName,
  hasSecondFactor,
  isEnrolled,
  removalProblem,
  withFactor,
  withoutFactor,
} from '../../core/factor/policy.ts';
import type { PendingChange } from '../../core/factor/ports.ts';
import { type OwnerRequest, untilWritten } from '../../core/profile/owner-request.ts';
import type { SecurityServices } from './services.ts';

const lines = {
  METHOD_UNAVAILABLE: 'This method is not available here.',
  FACTOR_LIMIT: 'There are as many of these as there can be. Remove one first.',
  FACTOR_REQUIRED: 'This needs another factor beside it. Add one first.',
  FACTOR_UNKNOWN: 'There is no such factor.',
  FACTOR_CONFLICT: 'This was changed at the same time. Please try again.',
  FACTOR_REJECTED: 'This could not be verified. Start again.',
  CODE_REJECTED: 'This code is not valid, or no longer. Ask for a new one.',
} as const satisfies Partial<Record<CiamErrorCode, string>>;

export const securityError = (code: keyof typeof lines, cause?: unknown): CiamError =>
  new CiamError(code, lines[code], { cause });

/** Before anything is sent or made: whether the person may enrol this kind at all. */
export async function mayEnrol(
  services: Pick<SecurityServices, 'factors' | 'policyOf'>,
  caller: Caller,
  kind: FactorKind,
): Promise<Factors> {
  const { factors } = await services.factors.read(caller.sub);
  const problem = enrolmentProblem(factors, kind, await services.policyOf(caller));
  if (problem) throw securityError(problem);
  return factors;
}

/** @throws CiamError `FACTOR_CONFLICT` when what was under way has ended in between */
export async function enrol(
  services: Pick<SecurityServices, 'factors' | 'policyOf'>,
  caller: Caller,
  owner: OwnerRequest,
  factor: Factor,
  completes?: PendingChange,
): Promise<Factors> {
  const name = nameOf(factor);
  return untilWritten(
    async () => {
      const { factors, version } = await services.factors.read(owner.sub);
      const problem = enrolmentProblem(factors, factor.kind, await services.policyOf(caller));
      if (problem) throw securityError(problem);
      const replaced = isEnrolled(factors, name);
      const event =
        factor.kind === 'recovery-codes'
          ? owner.event('recovery-codes.replaced', { codes: factor.hashes.length, replaced })
          : owner.event('factor.enrolled', { factor: factor.kind, replaced });
      const change = { sub: owner.sub, expectedVersion: version, put: factor, completes };
      return (await services.factors.write(change, event)) ? withFactor(factors, factor) : undefined;
    },
    () => securityError('FACTOR_CONFLICT'),
  );
}

export async function remove(
  services: Pick<SecurityServices, 'factors' | 'policyOf'>,
  caller: Caller,
  owner: OwnerRequest,
  select: (factors: Factors) => FactorName | undefined,
): Promise<void> {
  await untilWritten(
    async () => {
      const { factors, version } = await services.factors.read(owner.sub);
      const name = select(factors);
      const problem = name
        ? removalProblem(factors, name, await services.policyOf(caller))
        : 'FACTOR_UNKNOWN';
      if (problem || !name) throw securityError(problem ?? 'FACTOR_UNKNOWN');
      const left = withoutFactor(factors, name);
      const dropsCodes = factors.recoveryCodes !== undefined && left.recoveryCodes === undefined;
      const removed: FactorName[] = [name, ...(dropsCodes ? [{ kind: 'recovery-codes' } as const] : [])];
      const event = owner.event('factor.removed', { factor: name.kind, last: !hasSecondFactor(left) });
      const change = { sub: owner.sub, expectedVersion: version, remove: removed };
      return (await services.factors.write(change, event)) || undefined;
    },
    () => securityError('FACTOR_CONFLICT'),
  );
}

const nameOf = (factor: Factor): FactorName =>
  factor.kind === 'passkey' ? { kind: 'passkey', id: factor.id } : { kind: factor.kind };

/** The event of a proof that failed, then the answer to it. */
export async function rejected(
  { outbox }: Pick<SecurityServices, 'outbox'>,
  owner: OwnerRequest,
  factor: 'passkey' | 'totp' | 'phone' | 'address',
  code: 'FACTOR_REJECTED' | 'CODE_REJECTED',
  cause?: unknown,
): Promise<CiamError> {
  const event = owner.event('factor.refused', { factor });
  await outbox.put({ ...event, outcome: 'refused', reasons: [code] });
  return securityError(code, cause);
}
