import { type Action, useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { createPasskey } from '../../../session/passkeys.ts';
import { withStepUp } from '../../../session/step-up.tsx';
import { deviceName } from '../sessions/device-name.ts';
import { freeName } from '../sessions/device-parts.ts';
import type { Factors, Passkey } from './factors.ts';

/**
 * Makes a passkey and keeps it at once under the device's name: one that waited for a name could be left in the browser
 * without the account knowing it.
 */
export const useAddPasskey = (
  { passkeys }: Pick<Factors, 'passkeys'>,
  onAdded: (passkey: Passkey) => void,
): Action<[]> =>
  useAction(async () => {
    const { options } = await withStepUp(() => api.call('POST /v1/me/passkeys/options'));
    const credential = (await createPasskey(options)) as never;
    const { sessions } = await api.call('GET /v1/me/sessions');
    const device = deviceName(sessions.find(({ current }) => current)?.device);
    const taken = passkeys.map(({ name }) => name);
    const name = freeName(device, taken);
    onAdded(await withStepUp(() => api.call('POST /v1/me/passkeys', { body: { credential, name } })));
  });
