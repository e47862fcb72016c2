import type { Cloud, Service } from '../platform.ts';
import { wafProviders } from './providers.ts';
import { WafRegistry } from './registry.ts';
import type { WafRequest } from './request.ts';
import type { RuleReport, WafVerdict } from './web-acl.ts';

export type { WafRequest } from './request.ts';
export type { RuleReport, WafVerdict } from './web-acl.ts';

/** A request that WAF ended, without anything that tells who sent it. */
export interface WafLogEntry {
  readonly at: string;
  readonly resourceArn: string;
  readonly action: string;
  readonly rule: string;
  readonly method: string;
  readonly path: string;
}

/** Web ACLs of the template. */
export interface WafService extends Service {
  /** Allows, at no cost, what no web ACL is associated with. */
  evaluate(resourceArn: string, request: WafRequest): WafVerdict;
  /** Every rule with the number of requests it matched. */
  rules(): readonly RuleReport[];
  /** Newest first, at most 200. */
  ended(): readonly WafLogEntry[];
}

const LOG_ENTRIES = 200;
const UNPROTECTED: WafVerdict = { action: 'ALLOW', insertHeaders: {}, labels: [] };

export function wafService(cloud: Cloud): WafService {
  const registry = new WafRegistry();
  const ended: WafLogEntry[] = [];
  return {
    name: 'waf',
    providers: wafProviders(cloud, registry),
    evaluate(resourceArn, request) {
      const acl = registry.protecting(resourceArn);
      if (acl === undefined) return UNPROTECTED;
      const now = cloud.clock.now();
      const verdict = acl.evaluate(request, now);
      if (verdict.action !== 'ALLOW') note(ended, logEntry(now, resourceArn, verdict, request));
      return verdict;
    },
    rules: () => registry.all().flatMap((acl) => acl.report()),
    ended: () => ended.toReversed(),
  };
}

const logEntry = (
  now: number,
  resourceArn: string,
  verdict: WafVerdict,
  request: WafRequest,
): WafLogEntry => ({
  at: new Date(now).toISOString(),
  resourceArn,
  action: verdict.action,
  rule: verdict.rule ?? 'default action',
  method: request.method,
  path: request.path,
});

function note(entries: WafLogEntry[], entry: WafLogEntry): void {
  entries.push(entry);
  if (entries.length > LOG_ENTRIES) entries.shift();
}
