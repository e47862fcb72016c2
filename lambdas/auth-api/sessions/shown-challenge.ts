import { signInError } from '../../adapters/cognito-sign-in.ts';
import { type ChallengeMethod, isChallengeMethod } from '../../core/risk/decision.ts';

/**
 * Our challenge as a client of the Identity API sees it; Cognito hands parameters over as text.
 * @throws CiamError `UNAVAILABLE` when the pool asks something that is not ours
 */
export function challengeOf(parameters: Readonly<Record<string, string>>) {
  const { step, flow, methods, destination, codeLength, expiresInSeconds, resendsLeft, options } = parameters;
  if (!isChallengeMethod(step) || !flow) {
    throw signInError('UNAVAILABLE', new Error('challenge parameters: expected one of our methods'));
  }
  return {
    flow,
    shown: {
      method: step,
      methods: methods === undefined ? [step] : (JSON.parse(methods) as ChallengeMethod[]),
      ...(destination !== undefined && { destination }),
      ...(codeLength !== undefined && { codeLength: Number(codeLength) }),
      ...(expiresInSeconds !== undefined && { expiresInSeconds: Number(expiresInSeconds) }),
      ...(resendsLeft !== undefined && { resendsLeft: Number(resendsLeft) }),
      ...(options !== undefined && { options: JSON.parse(options) as { challenge: string } }),
    },
  };
}
