import { isAccountDisabled, type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import { counterKeys } from '../../adapters/risk-counters.ts';
import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import { CiamError, type CiamErrorCode } from '../../core/errors.ts';
import type { Request } from '../../core/registration/requester.ts';
import { contextMetadataKey } from '../../core/risk/context.ts';
import { type Device, deviceOf, requesterOf, requestOf } from '../requester.ts';
import { cookieOf, requireOwnOrigin } from './browser.ts';
import { pastBegin } from './go-on.ts';
import { type SessionServices, signInContext } from './services.ts';
import { signInAnswer } from './sign-in-answer.ts';
import { type Start, startOf } from './start.ts';

/**
 * Door (a): SRP and CUSTOM_AUTH on the server, with a context of this very request. Reads and writes nothing here
 * (requests per address are the web ACL's to limit); a refusal writes 2 WRU, the same whether or not there is an account.
 */
export const postSession =
  (services: SessionServices): RouteHandler<'POST /v1/sessions'> =>
  async (request) => {
    const { mode, level, method } = request.body;
    if (mode === 'cookie') requireOwnOrigin(services, request);
    const device = deviceOf(request);
    const start = startOf(request.body);
    const asked = await askedBy(services, request, device, start);
    const nextDevice = await services.pseudonyms.of('device', device.next);
    const context = await signInContext(services, asked, {
      audience: 'sign-in',
      door: 'api',
      nextDevice,
      ...(level && { level }),
    });
    const step = await signIn(services, asked, start, context);
    return signInAnswer(services, step, {
      context,
      device: asked.requester.device,
      ...(device.isNew && { deviceToken: device.token }),
      nextDeviceToken: device.next,
      ...(method && { method }),
      ...(mode === 'cookie' && { mode, formerCookie: cookieOf(request) }),
    });
  };

/** Somebody with a passkey is named by the `sub` in it; everybody else by what they typed. */
const askedBy = async (
  { pseudonyms }: SessionServices,
  seen: RouteRequest<'POST /v1/sessions'>,
  device: Device,
  start: Start,
): Promise<Request> => {
  if (start.kind !== 'passkey') {
    return requestOf(pseudonyms, seen, device, { field: 'identifier', value: start.identifier });
  }
  const [pseudonym, requester] = await Promise.all([
    pseudonyms.of('identifier', start.sub),
    requesterOf(pseudonyms, seen, device),
  ]);
  return { identifier: start.sub as Request['identifier'], pseudonym, requester };
};

async function signIn(
  services: SessionServices,
  asked: Request,
  start: Start,
  context: string,
): Promise<SignInStep> {
  const { cognito } = services;
  const username = asked.identifier;
  try {
    const step =
      start.kind === 'password'
        ? await cognito.startWithPassword(username, start.password, { [contextMetadataKey]: context })
        : await cognito.startWithoutPassword(username);
    return await pastBegin(cognito, step, context, start.wish);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refusal = error.code === 'FLOW_REJECTED' ? signInError('SIGN_IN_REJECTED', error) : error;
    await recordRefusal(services, asked, refusal.code, isAccountDisabled(error));
    throw refusal;
  }
}

const refusals: ReadonlySet<CiamErrorCode> = new Set([
  'SIGN_IN_REJECTED',
  'FLOW_REJECTED',
  'ACCOUNT_NOT_CONFIRMED',
  'PASSWORD_RESET_REQUIRED',
]);

const isRefusal = (error: unknown): error is CiamError =>
  error instanceof CiamError && refusals.has(error.code);

/** Counted by pseudonym of what was typed: the same writes and the same event, account or not. */
async function recordRefusal(
  { counters, clock, random, clientId }: SessionServices,
  asked: Request,
  reason: CiamErrorCode,
  isLocked: boolean,
) {
  const now = clock.now();
  const event: AuditEvent = {
    v: 1,
    id: random.ulid(now),
    type: isLocked ? 'sign-in.locked' : 'sign-in.refused',
    at: new Date(now).toISOString(),
    subject: { pseudonym: asked.pseudonym },
    actor: 'self',
    outcome: 'refused',
    reasons: [isLocked ? 'ACCOUNT_LOCKED' : reason],
    door: 'api',
    client: clientId,
    network: asked.requester.network,
    device: asked.requester.label,
  };
  await Promise.all([
    counters.count(counterKeys.identifierFailures(asked.pseudonym), event),
    counters.count(counterKeys.addressFailures(asked.requester.address)),
  ]);
}
