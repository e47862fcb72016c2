import { timingSafeEqual } from 'node:crypto';
import type { RiskCounters } from '../adapters/risk-counters.ts';
import { counterKeys } from '../adapters/risk-counters.ts';
import type { RouteHandler } from '../api/types.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';
import { CiamError } from '../core/errors.ts';
import { maskedDestination } from '../core/identifier.ts';
import { bestLanguage } from '../core/languages.ts';
import { cancelToken, subOfToken } from '../core/recovery/cancel-link.ts';
import {
  cancelRecovery,
  completeRecovery,
  confirmRecovery,
  type RecoveryPorts,
  recoveryCodeDigits,
  recoveryCodeSeconds,
  rejected,
  requestRecoveryCode,
} from '../core/recovery/recover.ts';
import { type RecoveryPolicy, stateAt } from '../core/recovery/recovery.ts';
import type { Request } from '../core/registration/requester.ts';
import { deviceOf, requestOf } from './requester.ts';

export interface RecoveryServices {
  readonly configuration: Pick<ServiceConfiguration, 'brand' | 'languages'>;
  readonly ports: RecoveryPorts;
  readonly policy: RecoveryPolicy;
  /** Guesses here count like guesses at the sign-in. */
  readonly counters: Pick<RiskCounters, 'count'>;
  readonly perAddressPerHour: number;
}

type Seen = Parameters<typeof requestOf>[1];

const askedBy = ({ ports }: RecoveryServices, request: Seen, value: string): Promise<Request> =>
  requestOf(ports.pseudonyms, request, deviceOf(request), { field: 'identifier', value });

/** Reads 1 RRU; writes 4 WRU (two counters, code, event), with and without an account. */
const postRecovery =
  (services: RecoveryServices): RouteHandler<'POST /v1/recoveries'> =>
  async (request) => {
    const { ports, configuration, perAddressPerHour } = services;
    const asked = await askedBy(services, request, request.body.identifier);
    const locale = bestLanguage(
      configuration.languages,
      [request.body.locale],
      request.headers['accept-language'],
    );
    await requestRecoveryCode(ports, configuration, asked, { locale, perAddressPerHour });
    return {
      status: 202,
      body: {
        destination: maskedDestination(asked.identifier),
        codeLength: recoveryCodeDigits,
        expiresInSeconds: recoveryCodeSeconds,
      },
    };
  };

/** Two Cognito calls for the password, whose tokens are never asked for. */
const postConfirmation =
  (services: RecoveryServices): RouteHandler<'POST /v1/recoveries/confirm'> =>
  async (request) => {
    const asked = await askedBy(services, request, request.body.identifier);
    const recovery = await countingRefusals(services, asked, () =>
      confirmRecovery(services.ports, services.policy, asked, request.body),
    );
    if (!recovery) return { status: 200, body: { state: 'not-needed' } };
    const isReady = stateAt(recovery, services.ports.clock.now()) === 'ready';
    return {
      status: 200,
      body: {
        state: isReady ? 'ready' : 'waiting',
        readyAt: new Date(recovery.readyAt).toISOString(),
        expiresAt: new Date(recovery.expiresAt).toISOString(),
      },
    };
  };

/** Reads 1 RRU, writes 4 WRU. */
const postCancellation =
  ({ ports }: RecoveryServices): RouteHandler<'POST /v1/recoveries/cancel'> =>
  async ({ body: { token } }) => {
    const sub = subOfToken(token);
    if (!sub) throw rejected();
    await cancelRecovery(ports, sub, async (recovery) =>
      isSame(token, await cancelToken(ports.pseudonyms, recovery)),
    );
    return { status: 200, body: { state: 'cancelled' } };
  };

const postCompletion =
  (services: RecoveryServices): RouteHandler<'POST /v1/recoveries/complete'> =>
  async (request) => {
    const asked = await askedBy(services, request, request.body.identifier);
    await countingRefusals(services, asked, () => completeRecovery(services.ports, asked, request.body));
    return { status: 200, body: { state: 'completed' } };
  };

/** Counted by what was typed and from where, the same whether or not there is an account. */
async function countingRefusals<T>(
  { counters }: RecoveryServices,
  asked: Request,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CiamError && error.code === 'RECOVERY_REJECTED') {
      await Promise.all([
        counters.count(counterKeys.identifierFailures(asked.pseudonym)),
        counters.count(counterKeys.addressFailures(asked.requester.address)),
      ]);
    }
    throw error;
  }
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

export const recoveryRoutes = (services: RecoveryServices) => ({
  'POST /v1/recoveries': postRecovery(services),
  'POST /v1/recoveries/confirm': postConfirmation(services),
  'POST /v1/recoveries/cancel': postCancellation(services),
  'POST /v1/recoveries/complete': postCompletion(services),
});
