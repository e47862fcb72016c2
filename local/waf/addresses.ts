import { BlockList, isIP } from 'node:net';
import { asProperties, type Properties, UnsupportedWaf, type WafRequest } from './request.ts';

/** IPv4 inside IPv6 (`::ffff:10.0.0.1`), as a dual-stack socket reports it, is the IPv4 address. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Compiles CIDR ranges of an IP set. */
export function compileAddresses(cidrs: readonly string[], where: string): (address: string) => boolean {
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix = ''] = cidr.split('/');
    const family = isIP(network);
    if (family === 0 || prefix === '') throw new UnsupportedWaf(where, `"${cidr}" is not a CIDR range`);
    ranges.addSubnet(network, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && ranges.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** `missing`: the request has no such header, so the statement does not apply to it. */
export type ForwardedAddress =
  | { readonly kind: 'addresses'; readonly all: readonly string[] }
  | { readonly kind: 'missing' | 'invalid' };

export function forwardedAddresses(request: WafRequest, config: unknown): ForwardedAddress {
  const header = request.headers[String(asProperties(config).HeaderName).toLowerCase()];
  if (header === undefined) return { kind: 'missing' };
  const all = header.split(',').map((part) => plainAddress(part.trim()));
  return isIP(all[0] ?? '') === 0 ? { kind: 'invalid' } : { kind: 'addresses', all };
}

/** `Position` of an IP set's forwarded address; rate-based rules always take the first one. */
export function atPosition(all: readonly string[], config: Properties): readonly string[] {
  if (config.Position === 'LAST') return all.slice(-1);
  return config.Position === 'ANY' ? all : all.slice(0, 1);
}
