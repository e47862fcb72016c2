import { Fn } from 'aws-cdk-lib';
import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

/** Sampled requests are off: they show headers without redaction. */
export const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
});

/** What a rule does follows the operator's parameter: `blocking` is the logical id of its condition. */
export interface RuleMode {
  readonly blocking: string;
}

const blockOrCount = ({ blocking }: RuleMode) => Fn.conditionIf(blocking, { Block: {} }, { Count: {} });
const keepOrCount = ({ blocking }: RuleMode) => Fn.conditionIf(blocking, { None: {} }, { Count: {} });

/**
 * Sets our headers on every request, before anything else. WAF replaces a header of the same name, so a client that
 * sends one itself only has it overwritten; a later rule that matches replaces it again with what it found.
 */
export const insertHeaders = (
  name: string,
  priority: number,
  statement: Statement,
  headers: Record<string, string>,
): Rule => ({
  name,
  priority,
  statement,
  action: {
    count: {
      customRequestHandling: {
        insertHeaders: Object.entries(headers).map(([header, value]) => ({ name: header, value })),
      },
    },
  },
  visibilityConfig: visibility(name),
});

/** True for every request: a path has at least its slash. */
export const everyRequest: Statement = {
  sizeConstraintStatement: {
    fieldToMatch: { uriPath: {} },
    comparisonOperator: 'GE',
    size: 0,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

/** Marks requests for later rules and lets them go on. */
export const label = (name: string, priority: number, statement: Statement, labels: string[]): Rule => ({
  name,
  priority,
  statement,
  action: { count: {} },
  ruleLabels: labels.map((each) => ({ name: each })),
  visibilityConfig: visibility(name),
});

/** Requests per address in 5 minutes. WAF counts about every 10 s: a brake for floods, not an exact limit. */
export const rateLimit = (
  name: string,
  priority: number,
  options: {
    mode: RuleMode;
    limit: number;
    scope: Statement;
    /** Header with the address to count by. @default - that of the connection */
    forwardedIn?: string;
  },
): Rule => ({
  name,
  priority,
  statement: {
    rateBasedStatement: {
      ...(options.forwardedIn
        ? {
            aggregateKeyType: 'FORWARDED_IP',
            // Only the distribution's requests get here, and it always says an address.
            forwardedIpConfig: { headerName: options.forwardedIn, fallbackBehavior: 'MATCH' },
          }
        : { aggregateKeyType: 'IP' }),
      evaluationWindowSec: 300,
      limit: options.limit,
      scopeDownStatement: options.scope,
    },
  },
  action: blockOrCount(options.mode),
  visibilityConfig: visibility(name),
});

export interface ManagedGroup {
  readonly group: string;
  /** Rules of the group that only count, because they hit honest traffic of this product. */
  readonly countOnly?: readonly string[];
  readonly scope?: Statement;
  readonly config?: readonly CfnWebACL.ManagedRuleGroupConfigProperty[];
}

export const managedRules = (
  name: string,
  priority: number,
  mode: RuleMode,
  managed: ManagedGroup,
): Rule => ({
  name,
  priority,
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: managed.group,
      ruleActionOverrides: managed.countOnly?.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      scopeDownStatement: managed.scope,
      managedRuleGroupConfigs: managed.config ? [...managed.config] : undefined,
    },
  },
  overrideAction: keepOrCount(mode),
  visibilityConfig: visibility(name),
});

export const labelled = (namespace: string): Statement => ({
  labelMatchStatement: { scope: 'NAMESPACE', key: namespace },
});

export const hasLabel = (key: string): Statement => ({ labelMatchStatement: { scope: 'LABEL', key } });

/** Decoded, normalized and lower-cased first, so that `/v1/%73essions` counts too. */
export const pathContains = (part: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'CONTAINS',
    searchString: part,
    textTransformations: [
      { priority: 0, type: 'URL_DECODE' },
      { priority: 1, type: 'NORMALIZE_PATH' },
      { priority: 2, type: 'LOWERCASE' },
    ],
  },
});

export const headerIs = (name: string, value: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { Name: name } },
    positionalConstraint: 'EXACTLY',
    searchString: value,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

export const anyOf = (statements: readonly Statement[]): Statement => {
  const [only] = statements;
  return only && statements.length === 1 ? only : { orStatement: { statements: [...statements] } };
};
export const allOf = (...statements: readonly Statement[]): Statement => ({
  andStatement: { statements: [...statements] },
});
export const not = (statement: Statement): Statement => ({ notStatement: { statement } });
