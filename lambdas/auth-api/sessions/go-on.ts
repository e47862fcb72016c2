import type { CognitoSignIn, SignInStep } from '../../adapters/cognito-sign-in.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import type { ChallengeMethod } from '../../core/risk/decision.ts';

export interface Wish {
  readonly method?: ChallengeMethod;
  /** A passkey that was used before anybody said who signs in. */
  readonly passkey?: { readonly credential: object; readonly challenge: string };
}

/** Answers `begin` where that is asked, which needs nothing of the person: the context says it all. */
export async function pastBegin(
  cognito: Pick<CognitoSignIn, 'answer'>,
  step: SignInStep,
  context: string,
  wish: Wish,
): Promise<SignInStep> {
  const { step: name, flow } = step.kind === 'challenge' ? step.parameters : {};
  if (step.kind !== 'challenge' || name !== 'begin' || !flow) return step;
  const metadata = { [contextMetadataKey]: context, [flowMetadataKey]: flow };
  return cognito.answer(step, JSON.stringify({ context, ...wish }), metadata);
}
