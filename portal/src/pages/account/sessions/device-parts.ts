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

/** `wanted`, or with the next free number behind it where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}
