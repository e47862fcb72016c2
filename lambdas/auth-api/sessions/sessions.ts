import { type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import { counterKeys } from '../../adapters/risk-counters.ts';
import type { RouteHandler } from '../../api/types.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import { CiamError, type CiamErrorCode } from '../../core/errors.ts';
import type { Request } from '../../core/registration/requester.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import { deviceOf, requestOf } from '../requester.ts';
import { cookieOf, requireOwnOrigin } from './browser.ts';
import { type SessionServices, signInContext } from './services.ts';
import { signInAnswer } from './sign-in-answer.ts';

/**
 * Door (a): SRP and CUSTOM_AUTH on the server, with a context of this very request. Reads and writes nothing here
 * (requests per address are the web ACL's to limit); a refusal writes 2 WRU, the same whether or not there is an account.
 */
export const postSession =
  (services: SessionServices): RouteHandler<'POST /v1/sessions'> =>
  async (request) => {
    const { mode } = request.body;
    if (mode === 'cookie') requireOwnOrigin(services, request);
    const device = deviceOf(request);
    const typed = { field: 'identifier', value: request.body.identifier } as const;
    const asked = await requestOf(services.pseudonyms, request, device, typed);
    const nextDevice = await services.pseudonyms.of('device', device.next);
    const context = await signInContext(services, asked, { audience: 'sign-in', door: 'api', nextDevice });
    const step = await signIn(services, asked, request.body.password, context);
    return signInAnswer(services, step, {
      context,
      device: asked.requester.device,
      ...(device.isNew && { deviceToken: device.token }),
      nextDeviceToken: device.next,
      ...(mode === 'cookie' && { mode, formerCookie: cookieOf(request) }),
    });
  };

/** Password, then `begin`, which needs nothing of the person: the context says it all. */
async function signIn(
  services: SessionServices,
  asked: Request,
  password: string,
  context: string,
): Promise<SignInStep> {
  const metadata = { [contextMetadataKey]: context };
  try {
    const step = await services.cognito.startWithPassword(asked.identifier, password, metadata);
    const { step: name, flow } = step.kind === 'challenge' ? step.parameters : {};
    if (step.kind === 'tokens' || name !== 'begin' || !flow) return step;
    const answer = JSON.stringify({ context, method: 'email-code' });
    return await services.cognito.answer(step, answer, { ...metadata, [flowMetadataKey]: flow });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refusal = error.code === 'FLOW_REJECTED' ? signInError('SIGN_IN_REJECTED', error) : error;
    await recordRefusal(services, asked, refusal.code);
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
) {
  const now = clock.now();
  const event: AuditEvent = {
    v: 1,
    id: random.ulid(now),
    type: 'sign-in.refused',
    at: new Date(now).toISOString(),
    subject: { pseudonym: asked.pseudonym },
    actor: 'self',
    outcome: 'refused',
    reasons: [reason],
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
