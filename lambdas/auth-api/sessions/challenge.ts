import { signInError } from '../../adapters/cognito-sign-in.ts';
import { invalid } from '../../api/problem.ts';
import type { RouteHandler } from '../../api/types.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import { type Device, deviceOf } from '../requester.ts';
import { cookieOf, requireOwnOrigin } from './browser.ts';
import type { FlowHandle, SessionServices } from './services.ts';
import { signInAnswer } from './sign-in-answer.ts';

/**
 * Answers the code challenge or asks for a new code. A wrong code with attempts left answers with the challenge again
 * and a new handle; the last one ends the flow. Reads and writes nothing here: the triggers do.
 */
export const postChallenge =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/challenge'> =>
  async (request) => {
    const { flow: sealedFlow, answer, resend } = request.body;
    if ((answer === undefined) === (resend === undefined)) {
      throw invalid('/answer', 'exactly one of answer and resend');
    }
    const handle = await services.flows.open(sealedFlow);
    if (!handle) throw signInError('FLOW_REJECTED');
    if (handle.mode === 'cookie') requireOwnOrigin(services, request);
    const device = deviceOf(request);
    await requireSameDevice(services, device, handle);
    const { context, flow, deviceToken, nextDeviceToken, mode } = handle;
    const metadata = { [contextMetadataKey]: context, [flowMetadataKey]: flow };
    const step = await services.cognito.answer(handle, answer ?? '{"resend":true}', metadata);
    return signInAnswer(services, step, {
      context,
      device: handle.device,
      ...(deviceToken && { deviceToken }),
      ...(nextDeviceToken && { nextDeviceToken }),
      ...(mode && { mode, formerCookie: cookieOf(request) }),
    });
  };

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
