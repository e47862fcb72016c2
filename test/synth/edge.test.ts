import { describe, expect, it } from 'vitest';
import sample from '../../vestibule.config.ts';
import { ofType, synthesize } from '../support/synth.ts';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: unknown;
  readonly OverrideAction?: unknown;
  readonly Statement: Record<string, Record<string, unknown>>;
  readonly VisibilityConfig: { readonly SampledRequestsEnabled: boolean };
}

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });
const rulesOf = (template: typeof dev, acl: 'Api' | 'Pool'): Rule[] => {
  const found = ofType(template, 'AWS::WAFv2::WebACL').find(([id]) => id.startsWith(`IdentityEdge${acl}`));
  return (found?.[1].Properties.Rules ?? []) as Rule[];
};
const named = (rules: Rule[], name: string): Rule => {
  const found = rules.find((rule) => rule.Name === name);
  if (!found) throw new Error(`no rule ${name}`);
  return found;
};
const blocking = ofType(dev, 'AWS::WAFv2::LoggingConfiguration')[0]?.[1].Properties.LoggingFilter as {
  DefaultBehavior: { 'Fn::If': [string, string, string] };
};
const condition = blocking.DefaultBehavior['Fn::If'][0];

describe('request context headers', () => {
  const [first, ...others] = rulesOf(dev, 'Api');

  it('are set by the first rule, on every request, so that nobody can send them', () => {
    expect(first).toMatchObject({
      Name: 'request-context',
      Priority: 0,
      Statement: {
        SizeConstraintStatement: { FieldToMatch: { UriPath: {} }, ComparisonOperator: 'GE', Size: 0 },
      },
      Action: {
        Count: {
          CustomRequestHandling: {
            InsertHeaders: [
              { Name: 'vestibule-edge', Value: 'seen' },
              { Name: 'vestibule-reputation', Value: 'none' },
              { Name: 'vestibule-bot', Value: 'none' },
            ],
          },
        },
      },
    });
    for (const { Priority } of others) expect(Priority).toBeGreaterThan(0);
  });

  it('are only ever replaced under a name that the first rule sets too', () => {
    const names = (rule: Rule | undefined) =>
      (JSON.stringify(rule?.Action ?? {}).match(/"Name":"([^"]+)"/g) ?? []).map((text) => text);
    for (const rule of others) for (const name of names(rule)) expect(names(first)).toContain(name);
  });

  it('are not inserted at the pool, from where no way leads to a trigger', () => {
    expect(JSON.stringify(rulesOf(dev, 'Pool'))).not.toContain('InsertHeaders');
  });
});

describe.each(['Api', 'Pool'] as const)('web ACL of the %s', (acl) => {
  const rules = rulesOf(prod, acl);

  it('has rate limits before the managed groups, each limit an operator parameter', () => {
    const limits = rules.filter((rule) => rule.Statement.RateBasedStatement);
    const each = (suffix = '') => [
      [`rate-sign-in${suffix}`, { Ref: 'WafSignInLimit' }],
      [`rate-registration${suffix}`, { Ref: 'WafRegistrationLimit' }],
      [`rate-recovery${suffix}`, { Ref: 'WafRecoveryLimit' }],
    ];
    expect(limits.map(({ Name, Statement }) => [Name, Statement.RateBasedStatement?.Limit])).toEqual([
      ...each(),
      ...(acl === 'Api' ? each('-portal') : []),
    ]);
    const managed = rules.filter((rule) => rule.Statement.ManagedRuleGroupStatement);
    expect(Math.max(...limits.map(({ Priority }) => Priority))).toBeLessThan(
      Math.min(...managed.map(({ Priority }) => Priority)),
    );
  });

  it('has the groups of AWS that fit, and none that cannot protect a pool', () => {
    const groups = rules.flatMap(
      ({ Statement }) => (Statement.ManagedRuleGroupStatement?.Name as string | undefined) ?? [],
    );
    expect(groups).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesBotControlRuleSet',
    ]);
  });

  it('blocks or counts as the operator says, in every rule', () => {
    for (const rule of rules) {
      if (rule.Statement.RateBasedStatement)
        expect(rule.Action).toEqual({ 'Fn::If': [condition, { Block: {} }, { Count: {} }] });
      if (rule.Statement.ManagedRuleGroupStatement)
        expect(rule.OverrideAction).toEqual({ 'Fn::If': [condition, { None: {} }, { Count: {} }] });
    }
  });

  it('lets SDKs and servers through Bot Control', () => {
    const overrides = named(rules, 'bot-control').Statement.ManagedRuleGroupStatement?.RuleActionOverrides;
    expect(overrides).toEqual(
      ['CategoryHttpLibrary', 'SignalNonBrowserUserAgent', 'SignalKnownBotDataCenter'].map((Name) => ({
        Name,
        ActionToUse: { Count: {} },
      })),
    );
  });

  it('does not take a strong password in a body for an attack', () => {
    const overrides = JSON.stringify(named(rules, 'core').Statement);
    for (const rule of [
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
    ])
      expect(overrides).toContain(rule);
  });

  it('keeps no samples, which would show headers', () => {
    for (const { VisibilityConfig } of rules) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
  });
});

describe('limits of the API', () => {
  const rules = rulesOf(dev, 'Api');
  const limits = rules.filter((rule) => rule.Statement.RateBasedStatement);
  const statementOf = (rule: Rule) => rule.Statement.RateBasedStatement as Record<string, unknown>;
  const isPortal = { LabelMatchStatement: { Scope: 'LABEL', Key: 'vestibule:portal' } };

  it('know the portal by the secret of its distribution, and by nothing that a client can say', () => {
    expect(named(rules, 'portal')).toMatchObject({
      Priority: 1,
      Action: { Count: {} },
      RuleLabels: [{ Name: 'vestibule:portal' }],
      Statement: {
        ByteMatchStatement: {
          FieldToMatch: { SingleHeader: { Name: 'x-vestibule-edge' } },
          PositionalConstraint: 'EXACTLY',
          SearchString: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', expect.anything(), ':SecretString:key::}}']],
          },
        },
      },
    });
  });

  it('count viewers of the portal by the address that it names', () => {
    for (const rule of limits.filter(({ Name }) => Name.endsWith('-portal'))) {
      expect(statementOf(rule)).toMatchObject({
        AggregateKeyType: 'FORWARDED_IP',
        ForwardedIPConfig: { HeaderName: 'x-vestibule-viewer-address', FallbackBehavior: 'MATCH' },
        ScopeDownStatement: { AndStatement: { Statements: [isPortal, expect.anything()] } },
      });
    }
  });

  it('count everybody else by the address of the connection', () => {
    for (const rule of limits.filter(({ Name }) => !Name.endsWith('-portal'))) {
      expect(statementOf(rule)).toMatchObject({
        AggregateKeyType: 'IP',
        ScopeDownStatement: {
          AndStatement: { Statements: [{ NotStatement: { Statement: isPortal } }, expect.anything()] },
        },
      });
    }
  });
});

describe('pool limits', () => {
  it('do not count the Identity API, which calls for all people from few addresses', () => {
    for (const name of ['rate-sign-in', 'rate-registration', 'rate-recovery']) {
      const scope = JSON.stringify(named(rulesOf(dev, 'Pool'), name).Statement);
      expect(scope).toContain(
        '"NotStatement":{"Statement":{"ByteMatchStatement":{"FieldToMatch":{"SingleHeader":{"Name":"x-amzn-cognito-client-id"}}',
      );
      expect(scope).toContain('UserPoolServer');
    }
  });
});

describe('bot control', () => {
  it('is off unless configured, because it costs', () => {
    expect(JSON.stringify(rulesOf(dev, 'Api'))).not.toContain('BotControl');
  });

  it('can look closer', () => {
    const config = {
      ...sample,
      stages: { ...sample.stages, dev: { ...sample.stages.dev, botControl: 'targeted' as const } },
    };
    expect(JSON.stringify(rulesOf(synthesize({ config }), 'Api'))).toContain('"InspectionLevel":"TARGETED"');
  });
});

describe('association and logs', () => {
  it('protect the API stage and the pool', () => {
    const arns = ofType(dev, 'AWS::WAFv2::WebACLAssociation').map(([, { Properties }]) =>
      JSON.stringify(Properties.ResourceArn),
    );
    expect(arns[0]).toContain('/stages/');
    expect(arns[1]).toContain('UserPool');
    expect(arns).toHaveLength(2);
  });

  it('are made one after the other, as WAF takes one association per two seconds', () => {
    const [[api] = [], [, pool] = []] = ofType(dev, 'AWS::WAFv2::WebACLAssociation');
    expect(pool?.DependsOn).toEqual([api]);
  });

  it('write blocked requests without tokens, cookies and queries, and everything while rules only count', () => {
    for (const [, { Properties }] of ofType(dev, 'AWS::WAFv2::LoggingConfiguration')) {
      expect(Properties.RedactedFields).toEqual([
        ...['authorization', 'cookie', 'x-vestibule-device', 'x-vestibule-edge'].map((Name) => ({
          SingleHeader: { Name },
        })),
        { QueryString: {} },
      ]);
      expect(Properties.LoggingFilter).toMatchObject({
        DefaultBehavior: { 'Fn::If': [condition, 'DROP', 'KEEP'] },
      });
    }
  });

  it('go to log groups with the name that WAF demands', () => {
    const names = ofType(dev, 'AWS::Logs::LogGroup').flatMap(
      ([, { Properties }]) => (Properties.LogGroupName as string | undefined) ?? [],
    );
    expect(names).toEqual(['aws-waf-logs-vestibule-dev-api', 'aws-waf-logs-vestibule-dev-pool']);
  });
});
