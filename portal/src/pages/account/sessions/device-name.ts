import { hasText, text } from '../../../text/text.ts';

export interface DeviceParts {
  readonly browser?: string;
  readonly system?: string;
}

/** The API's coarse label, `Firefox on Windows`, in its parts; a label of one word is a browser or a system. */
export function deviceParts(label: string | undefined): DeviceParts {
  const [browser, system] = label?.split(' on ') ?? [];
  if (browser === undefined || browser === 'Unknown device') return {};
  return system === undefined ? { browser } : { browser, system };
}

/** The same in the person's language. */
export function deviceName(label: string | undefined): string {
  const { browser, system } = deviceParts(label);
  if (browser === undefined) return text('account', 'device.unknown');
  const key = `device.${browser}`;
  const program = hasText('account', key) ? text('account', key as 'device.App') : browser;
  return system === undefined ? program : text('account', 'device.on', { browser: program, system });
}

/** `wanted`, or with the next free number behind it where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}
