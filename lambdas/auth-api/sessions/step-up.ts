import { type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import { counterKeys } from '../../adapters/risk-counters.ts';
import { invalid } from '../../api/problem.ts';
import type { Caller, RouteAnswer, RouteHandler, RouteRequest } from '../../api/types.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import { stepUpProof } from '../../core/challenge/step-up.ts';
import { CiamError } from '../../core/errors.ts';
import type { FlowId } from '../../core/ids.ts';
import type { Request } from '../../core/registration/requester.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import { type Method, methods } from '../../core/risk/decision.ts';
import { levelOf } from '../../core/session/assurance.ts';
import { deviceOf, requesterOf } from '../requester.ts';
import { rotateCookie } from './browser.ts';
import { answerText } from './challenge.ts';
import { pastBegin } from './go-on.ts';
import type { SessionServices } from './services.ts';
import { challengeOf } from './shown-challenge.ts';

/** A step-up between two calls; the client keeps it sealed. */
export interface StepUpHandle {
  readonly session: string;
  readonly username: string;
  readonly context: string;
  readonly flow: string;
  /** Whom and which session it is for: it is no use to another. */
  readonly sub: string;
  readonly sessionKey: string;
}

type StepUpAnswer = RouteAnswer<'POST /v1/me/step-up'>;
type Seen = RouteRequest<'POST /v1/me/step-up'> | RouteRequest<'POST /v1/me/step-up/answer'>;

/**
 * Proves again that it is the owner, by a sign-in at the pool that never ends in tokens: our triggers leave what was proven
 * in the flow's record, and the session is raised by it. A step-up by password is one call; 1 RRU and 1 WRU here.
 */
export const postStepUp =
  (services: SessionServices): RouteHandler<'POST /v1/me/step-up'> =>
  async (request) => {
    const { method, password } = request.body;
    if ((method === undefined) === (password === undefined)) {
      throw invalid('/password', 'a password, or a method in place of it');
    }
    const { sub, sessionKey } = request.caller;
    const device = deviceOf(request);
    const [requester, pseudonym] = await Promise.all([
      requesterOf(services.pseudonyms, request, device),
      services.pseudonyms.of('identifier', sub),
    ]);
    const id = services.random.id();
    const context = await services.contexts.mint({
      id,
      audience: 'step-up',
      door: 'api',
      session: sessionKey,
      identifier: pseudonym,
      ...requester,
    });
    const attempt = async () => {
      const { cognito } = services;
      if (password !== undefined)
        return cognito.startWithPassword(sub, password, { [contextMetadataKey]: context });
      return pastBegin(cognito, await cognito.startWithoutPassword(sub), context, { method });
    };
    return settle(services, request, { id, context }, attempt).catch(async (error: unknown) => {
      // What is wrong with a method is told and counted by the triggers; a wrong password never reaches them.
      if (password !== undefined && isRefusal(error)) {
        await recordWrongPassword(services, request.caller, { pseudonym, requester });
      }
      throw error;
    });
  };

/** Guesses inside a session count like those at the sign-in, and are told to its owner. 3 WRU. */
async function recordWrongPassword(
  { counters, clock, random, clientId }: SessionServices,
  { sub, flow }: Caller,
  { pseudonym, requester }: Pick<Request, 'pseudonym' | 'requester'>,
): Promise<void> {
  const now = clock.now();
  const event: AuditEvent = {
    v: 1,
    id: random.ulid(now),
    type: 'sign-in.refused',
    at: new Date(now).toISOString(),
    subject: { sub },
    actor: 'self',
    outcome: 'refused',
    reasons: ['SIGN_IN_REJECTED'],
    door: 'api',
    client: clientId,
    network: requester.network,
    device: requester.label,
    ...(flow && { flow: flow as FlowId }),
    data: { stepUp: true },
  };
  await Promise.all([
    counters.count(counterKeys.identifierFailures(pseudonym), event),
    counters.count(counterKeys.addressFailures(requester.address)),
  ]);
}

export const postStepUpAnswer =
  (services: SessionServices): RouteHandler<'POST /v1/me/step-up/answer'> =>
  async (request) => {
    const { flow: sealedFlow, ...answers } = request.body;
    const handle = await services.stepUps.open(sealedFlow);
    const { sub, sessionKey } = request.caller;
    if (!handle || handle.sub !== sub || handle.sessionKey !== sessionKey) throw signInError('FLOW_REJECTED');
    const { context, flow } = handle;
    const metadata = { [contextMetadataKey]: context, [flowMetadataKey]: flow };
    return settle(services, request, { id: flow, context }, () =>
      services.cognito.answer(handle, answerText(answers), metadata),
    );
  };

/** Goes on with a challenge, or reads what the flow proved once the pool has refused to issue tokens for it. */
async function settle(
  services: SessionServices,
  request: Seen,
  { id, context }: { readonly id: string; readonly context: string },
  attempt: () => Promise<SignInStep>,
): Promise<StepUpAnswer> {
  const { caller } = request;
  const outcome = await attempt().then(
    (step) => ({ step }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) {
    const proof = isRefusal(outcome.error) ? await proofOf(services, caller, id) : undefined;
    if (!proof) throw outcome.error;
    return raise(services, request, proof);
  }
  const { step } = outcome;
  if (step.kind !== 'challenge') {
    // Tokens would mean that a step-up is a way to sign in: they are taken back, and nothing counts as proven.
    if (step.kind === 'tokens' && step.tokens.refreshToken)
      await services.cognito.revoke(step.tokens.refreshToken);
    throw signInError('UNAVAILABLE', new Error('step-up: expected a challenge or a refusal'));
  }
  const challenge = challengeOf(step.parameters);
  const { session, username } = step;
  const flow = await services.stepUps.seal({
    session,
    username,
    context,
    flow: challenge.flow,
    sub: caller.sub,
    sessionKey: caller.sessionKey,
  });
  return { status: 200, body: { state: 'challenge', flow, challenge: challenge.shown } };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof CiamError && (error.code === 'SIGN_IN_REJECTED' || error.code === 'FLOW_REJECTED');

interface Proof {
  readonly flow: string;
  /** Epoch milliseconds. */
  readonly begunAt: number;
  readonly proven: readonly Method[];
}

async function proofOf(
  { flowRecords, clientId }: SessionServices,
  { sub, sessionKey }: Caller,
  id: string,
): Promise<Proof | undefined> {
  const flow = await flowRecords.find(id, { consistent: true });
  const proven = stepUpProof(flow, { sub, client: clientId, session: sessionKey });
  return flow && proven && { flow: id, begunAt: flow.createdAt, proven };
}

/**
 * What still counts of what the session had proven. Once its level 2 is over, what made it so is over, too: otherwise the
 * password alone would bring back a level that took more.
 */
const standing = ({ methods: before, level }: Caller): readonly Method[] =>
  levelOf(before) > level ? before.filter((method) => levelOf(['password', method]) === 1) : before;

/** What the session has proven counts on: the password of the sign-in and a fresh code are two factors. */
async function raise(
  services: SessionServices,
  request: Seen,
  { flow, begunAt, proven }: Proof,
): Promise<StepUpAnswer> {
  const { states, clock, random, clientId } = services;
  const { sub, sessionKey, flow: sessionFlow } = request.caller;
  const before = standing(request.caller);
  const all = methods.filter((method) => before.includes(method) || proven.includes(method));
  const level = levelOf(all);
  const now = clock.now();
  const event: AuditEvent = {
    v: 1,
    id: random.ulid(now),
    type: 'session.stepped-up',
    at: new Date(now).toISOString(),
    subject: { sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    door: 'api',
    client: clientId,
    ...(sessionFlow && { flow: sessionFlow as FlowId }),
    data: { methods: all, level, proven },
  };
  const authenticatedAt = Math.floor(now / 1000);
  const raised = { flow, begunAt, level, methods: all, authenticatedAt };
  const isRaised = await states.raise(sessionKey, raised, event);
  if (!isRaised) throw signInError('SESSION_REJECTED');
  const cookies = await rotateCookie(services, request);
  return { status: 200, cookies, body: { state: 'done', level, methods: all } };
}
