import { type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import { invalid } from '../../api/problem.ts';
import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import { type Device, deviceOf } from '../requester.ts';
import { cookieOf, requireOwnOrigin } from './browser.ts';
import { pastBegin } from './go-on.ts';
import type { FlowHandle, SessionServices } from './services.ts';
import { signInAnswer } from './sign-in-answer.ts';

/**
 * Answers the code challenge or asks for a new code. A wrong code with attempts left answers with the challenge again
 * and a new handle; the last one ends the flow. Reads and writes nothing here: the triggers do.
 */
export const postChallenge =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/challenge'> =>
  async (request) => {
    const { flow: sealedFlow, ...answers } = request.body;
    const handle = await services.flows.open(sealedFlow);
    if (!handle) throw signInError('FLOW_REJECTED');
    if (handle.mode === 'cookie') requireOwnOrigin(services, request);
    const device = deviceOf(request);
    await requireSameDevice(services, device, handle);
    const { context, deviceToken, nextDeviceToken, mode, method } = handle;
    const step = await goOn(services, handle, answers);
    return signInAnswer(services, step, {
      context,
      device: handle.device,
      ...(deviceToken && { deviceToken }),
      ...(nextDeviceToken && { nextDeviceToken }),
      ...(method && { method }),
      ...(mode && { mode, formerCookie: cookieOf(request) }),
    });
  };

type Answers = Omit<RouteRequest<'POST /v1/sessions/challenge'>['body'], 'flow'>;

async function goOn(
  { cognito, requireGoodPassword }: SessionServices,
  handle: FlowHandle,
  answers: Answers,
): Promise<SignInStep> {
  const { context, flow, method } = handle;
  const { newPassword } = answers;
  if ((handle.next === 'new-password') !== (newPassword !== undefined)) {
    throw invalid('/newPassword', 'exactly where a new password is required');
  }
  if (newPassword !== undefined) {
    await requireGoodPassword(newPassword);
    const step = await cognito.setPassword(handle, newPassword, { [contextMetadataKey]: context });
    return pastBegin(cognito, step, context, method ? { method } : {});
  }
  return cognito.answer(handle, answerText(answers), {
    [contextMetadataKey]: context,
    [flowMetadataKey]: flow,
  });
}

/** What the triggers read: digits or a printed code as they are, everything else as JSON. */
export function answerText({ answer, resend, method, credential, link }: Answers): string {
  const given = Object.entries({ answer, resend, method, credential, link }).filter(
    ([, value]) => value !== undefined,
  );
  const [first, ...others] = given;
  if (!first || others.length > 0) {
    throw invalid('/answer', 'exactly one of answer, resend, method, credential and link');
  }
  return answer ?? JSON.stringify(Object.fromEntries([first]));
}

/**
 * The sealed flow alone is not enough: whoever got hold of it needs the device's token as well. Only a client that had none
 * when it began, and keeps none yet, comes without.
 */
async function requireSameDevice(
  { pseudonyms }: Pick<SessionServices, 'pseudonyms'>,
  device: Device,
  handle: FlowHandle,
): Promise<void> {
  const isAbsent = device.isNew && handle.deviceToken !== undefined;
  if (isAbsent || (!device.isNew && (await pseudonyms.of('device', device.token)) === handle.device)) return;
  throw signInError('FLOW_REJECTED');
}
