import { type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import type { RouteAnswer } from '../../api/types.ts';
import { type FlowHandle, type SessionServices, sealRefreshToken } from './services.ts';

export type SignInBody = RouteAnswer<'POST /v1/sessions'>['body'];
type FlowParts = Pick<FlowHandle, 'context' | 'device' | 'deviceToken'>;

/** Tokens or the next round, as the client sees it. */
export async function signInBody(
  services: SessionServices,
  step: SignInStep,
  parts: FlowParts,
): Promise<SignInBody> {
  const deviceToken = parts.deviceToken && { deviceToken: parts.deviceToken };
  if (step.kind === 'challenge') {
    const challenge = challengeOf(step.parameters);
    const { session, username } = step;
    const flow = await services.flows.seal({ ...parts, session, username, flow: challenge.flow });
    return { state: 'challenge', flow, challenge: challenge.shown, ...deviceToken };
  }
  const { accessToken, idToken, refreshToken, expiresInSeconds } = step.tokens;
  if (!refreshToken) throw signInError('UNAVAILABLE', new Error('Cognito: expected a refresh token'));
  return {
    state: 'signed-in',
    accessToken,
    idToken,
    refreshToken: await sealRefreshToken(services, step.tokens, refreshToken),
    expiresInSeconds,
    tokenType: 'Bearer',
    ...deviceToken,
  };
}

/** @throws CiamError `UNAVAILABLE` when the pool asks something that is not ours */
function challengeOf(parameters: Readonly<Record<string, string>>) {
  const { step, flow, destination, codeLength, expiresInSeconds, resendsLeft } = parameters;
  if (step !== 'email-code' || !flow || !destination) {
    throw signInError('UNAVAILABLE', new Error('challenge parameters: expected email-code'));
  }
  return {
    flow,
    shown: {
      method: step,
      destination,
      codeLength: Number(codeLength),
      expiresInSeconds: Number(expiresInSeconds),
      resendsLeft: Number(resendsLeft),
    },
  } as const;
}
