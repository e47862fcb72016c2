import { signInError } from '../../adapters/cognito-sign-in.ts';
import { invalid } from '../../api/problem.ts';
import type { RouteHandler } from '../../api/types.ts';
import { contextMetadataKey, flowMetadataKey } from '../../core/risk/context.ts';
import { deviceOf } from '../requester.ts';
import type { SessionServices } from './services.ts';
import { signInBody } from './sign-in-answer.ts';

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
    const device = deviceOf(request);
    // Absent is fine (a client that keeps no cookie yet), another one is not.
    if (!device.isNew && (await services.pseudonyms.of('device', device.token)) !== handle.device) {
      throw signInError('FLOW_REJECTED');
    }
    const { context, flow, deviceToken } = handle;
    const metadata = { [contextMetadataKey]: context, [flowMetadataKey]: flow };
    const step = await services.cognito.answer(handle, answer ?? '{"resend":true}', metadata);
    const body = await signInBody(services, step, {
      context,
      device: handle.device,
      ...(deviceToken && device.isNew && { deviceToken }),
    });
    return { status: 200, body };
  };
