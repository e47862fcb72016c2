import { createChallenge } from './create.ts';
import { defineChallenge } from './define.ts';
import { recordSignIn } from './post-authentication.ts';
import { addClaims } from './pre-token-generation.ts';
import type { SignInServices } from './services.ts';
import { readTriggerEvent, type TriggerEvent } from './trigger-event.ts';
import { verifyAnswer } from './verify.ts';

type Answer = Readonly<Record<string, unknown>>;
type Trigger = (services: SignInServices, event: TriggerEvent) => Promise<Answer>;

/**
 * The client that only hands a password of another system over: no sign-in of anybody's, so nothing is recorded, and its
 * tokens open nothing. The Identity API revokes them and has the person sign in like everybody else.
 */
const isArrival = async ({ arrived, clientOf }: SignInServices, event: TriggerEvent): Promise<boolean> =>
  arrived !== undefined && (await clientOf(event.callerContext.clientId))?.door === 'migration';

const openNothing: Answer = {
  claimsAndScopeOverrideDetails: {
    accessTokenGeneration: { scopesToSuppress: ['aws.cognito.signin.user.admin'] },
  },
};

const afterSignIn: Trigger = async (services, event) => {
  if (await isArrival(services, event)) return {};
  await recordSignIn(services, event);
  return {};
};
/** Nobody who has just come from another system gets tokens before profile and consents are written. */
const tokens: Trigger = async (services, event) => {
  await services.arrived?.(event);
  if (await isArrival(services, event)) return openNothing;
  return { ...(await addClaims(services, event)) };
};

/** Every source that is accepted. A refresh may arrive as `_Authentication` too (AWS's tables disagree). */
export const triggers: Readonly<Record<string, Trigger>> = {
  DefineAuthChallenge_Authentication: async (services, event) => ({
    ...(await defineChallenge(services, event)),
  }),
  CreateAuthChallenge_Authentication: async (services, event) => ({
    ...(await createChallenge(services, event)),
  }),
  VerifyAuthChallengeResponse_Authentication: async (services, event) => ({
    answerCorrect: await verifyAnswer(services, event),
  }),
  PostAuthentication_Authentication: afterSignIn,
  TokenGeneration_Authentication: tokens,
  TokenGeneration_HostedAuth: tokens,
  TokenGeneration_NewPasswordChallenge: tokens,
  TokenGeneration_AuthenticateDevice: tokens,
  TokenGeneration_RefreshTokens: tokens,
};

/**
 * Answers one trigger. Whatever goes wrong, the caller sees one stable code, as Cognito shows the text of an error to
 * the end user; the log says what happened, without values of the event.
 * @throws Error with the message `UNAVAILABLE` or `TRIGGER_UNKNOWN`
 */
export const signInTrigger =
  (services: SignInServices, log: (entry: Answer) => void) =>
  async <Event extends object>(event: Event): Promise<Event & { response: Answer }> => {
    const { triggerSource } = event as { triggerSource?: unknown };
    const trigger =
      typeof triggerSource === 'string' && Object.hasOwn(triggers, triggerSource)
        ? triggers[triggerSource]
        : undefined;
    if (!trigger) throw new Error('TRIGGER_UNKNOWN');
    try {
      return { ...event, response: await trigger(services, readTriggerEvent(event)) };
    } catch (error) {
      log({ level: 'error', code: 'UNAVAILABLE', triggerSource, ...causeOf(error) });
      throw new Error('UNAVAILABLE');
    }
  };

/** Our own errors say what was wrong and quote nothing; a text of AWS's may quote an address (SES does). */
const causeOf = (error: unknown): Answer => {
  if (!(error instanceof Error)) return { cause: 'unknown' };
  return '$metadata' in error ? { cause: error.name } : { cause: error.name, detail: error.message };
};
