/**
 * What we keep of an address and an agent: prefixes that are hashed before they go anywhere, and a label coarse
 * enough to be shown to the person and useless for tracking.
 */
export interface AddressPrefixes {
  /** Where the person usually is: IPv4 /24, IPv6 /48. */
  readonly network: string;
  /** Whose behaviour is counted: IPv4 whole, IPv6 /64, as one customer usually gets a whole /64. */
  readonly address: string;
}

/** @returns `undefined` for anything that is not an IP address */
export function addressPrefixes(sourceIp: string): AddressPrefixes | undefined {
  const v4 = ipv4Octets(sourceIp);
  if (v4) return { network: `${v4.slice(0, 3).join('.')}.0/24`, address: v4.join('.') };
  const groups = ipv6Groups(sourceIp.toLowerCase());
  if (!groups) return undefined;
  // ::ffff:a.b.c.d is an IPv4 client seen through an IPv6 socket
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return addressPrefixes(octetsOf(groups).join('.'));
  }
  const hex = (count: number) =>
    groups
      .slice(0, count)
      .map((group) => group.toString(16))
      .join(':');
  return { network: `${hex(3)}::/48`, address: `${hex(4)}::/64` };
}

function ipv4Octets(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const octets = parts.map(Number);
  const isAddress =
    parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part)) &&
    octets.every((octet) => octet < 256);
  return isAddress ? octets : undefined;
}

function ipv6Groups(text: string): readonly number[] | undefined {
  const [, head = text, dotted] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const tail = dotted === undefined ? [] : ipv4Octets(dotted);
  if (!tail) return undefined;
  const embedded = tail.length === 0 ? '' : pairs(tail).join(':');
  const [left = '', right, extra] = `${head}${embedded}`.split('::');
  if (extra !== undefined) return undefined;
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const missing = 8 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

const pairs = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): readonly string[] => [
  ((a << 8) | b).toString(16),
  ((c << 8) | d).toString(16),
];

const octetsOf = (groups: readonly number[]): readonly number[] =>
  groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);

/** First match wins: Edge and Opera call themselves Chrome, Chrome calls itself Safari. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bDart\/|\bokhttp\/|\bCFNetwork\/|\bReactNative\b/, 'App'],
  [/\bnode\b|\bundici\b|\bcurl\/|\bpython-|\bGo-http-client\//i, 'Script'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bWindows\b/, 'Windows'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b|\bokhttp\//, 'Android'],
  [/\bMac OS X\b|\bMacintosh\b|\bDarwin\//, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `Firefox on Windows`; only words from these lists, never text of the caller. Longest: 32 characters. */
export function deviceLabel(userAgent: string): string {
  const agent = userAgent.slice(0, 512);
  const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = named(browsers);
  const system = named(systems);
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? 'Unknown device');
}
