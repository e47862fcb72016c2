import { hasText, text } from '../../../text/text.ts';
import { deviceParts } from './device-parts.ts';

/** The same in the person's language. */
export function deviceName(label: string | undefined): string {
  const { browser, system } = deviceParts(label);
  if (browser === undefined) return text('account', 'device.unknown');
  const key = `device.${browser}`;
  const program = hasText('account', key) ? text('account', key as 'device.App') : browser;
  return system === undefined ? program : text('account', 'device.on', { browser: program, system });
}
