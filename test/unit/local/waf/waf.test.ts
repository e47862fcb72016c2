import { beforeEach, describe, expect, it } from 'vitest';
import { type WafRequest, type WafService, wafService } from '../../../../local/waf/index.ts';
import { FakeCloud, provision } from '../../../support/fake-cloud.ts';

const STAGE = 'arn:aws:apigateway:eu-central-1::/restapis/api1/stages/dev';
const PLAIN = [{ Priority: 0, Type: 'NONE' }];

let cloud: FakeCloud;
let waf: WafService;

beforeEach(() => {
  cloud = new FakeCloud();
  waf = wafService(cloud);
});

const rule = (
  name: string,
  priority: number,
  statement: unknown,
  action: unknown = { Block: {} },
  more = {},
) => ({
  Name: name,
  Priority: priority,
  Statement: statement,
  Action: action,
  VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: name },
  ...more,
});

const protect = async (rules: unknown[], more: Record<string, unknown> = {}): Promise<void> => {
  const acl = await provision(waf, 'AWS::WAFv2::WebACL', 'ApiAcl', {
    Name: 'api',
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    Rules: rules,
    ...more,
  });
  await provision(waf, 'AWS::WAFv2::WebACLAssociation', 'Link', {
    ResourceArn: STAGE,
    WebACLArn: acl.attributes.Arn,
  });
};

const request = (overrides: Partial<WafRequest> = {}): WafRequest => ({
  method: 'POST',
  path: '/dev/v1/sessions',
  query: new URLSearchParams(),
  headers: { 'user-agent': 'vitest' },
  body: Buffer.alloc(0),
  sourceIp: '192.0.2.1',
  ...overrides,
});

const groupRule = (Name: string, more: Record<string, unknown> = {}, settings: object = {}) => ({
  Name: 'group',
  Priority: 0,
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name, ...settings } },
  OverrideAction: { None: {} },
  ...more,
});

const evaluate = (overrides: Partial<WafRequest> = {}) => waf.evaluate(STAGE, request(overrides));

const byteMatch = (
  field: unknown,
  search: string,
  position = 'CONTAINS',
  transformations: unknown = PLAIN,
) => ({
  ByteMatchStatement: {
    FieldToMatch: field,
    SearchString: search,
    PositionalConstraint: position,
    TextTransformations: transformations,
  },
});
const path = { UriPath: {} };

describe('WAF statements', () => {
  const body = (value: unknown) => ({
    body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  });

  it.each<[string, unknown, Partial<WafRequest>, Partial<WafRequest>]>([
    ['EXACTLY', byteMatch(path, '/dev/v1/sessions', 'EXACTLY'), {}, { path: '/dev/v1/sessions/x' }],
    ['STARTS_WITH', byteMatch(path, '/dev', 'STARTS_WITH'), {}, { path: '/x/dev' }],
    ['ENDS_WITH', byteMatch(path, '/sessions', 'ENDS_WITH'), {}, { path: '/dev/v1/sessions/' }],
    ['CONTAINS_WORD', byteMatch(path, 'v1', 'CONTAINS_WORD'), {}, { path: '/dev/v12' }],
    ['method', byteMatch({ Method: {} }, 'POST', 'EXACTLY'), {}, { method: 'GET' }],
    [
      'one header',
      byteMatch({ SingleHeader: { Name: 'X-Kind' } }, 'bad'),
      { headers: { 'x-kind': 'bad' } },
      { headers: {} },
    ],
    [
      'CDK spelling of a header',
      byteMatch({ SingleHeader: { name: 'x-kind' } }, 'bad'),
      { headers: { 'x-kind': 'bad' } },
      {},
    ],
    ['query string', byteMatch({ QueryString: {} }, 'a=1'), { query: new URLSearchParams('b=2&a=1') }, {}],
    [
      'one argument',
      byteMatch({ SingleQueryArgument: { Name: 'A' } }, '1', 'EXACTLY'),
      { query: new URLSearchParams('a=1') },
      { query: new URLSearchParams('b=1') },
    ],
    [
      'all arguments',
      byteMatch({ AllQueryArguments: {} }, 'evil'),
      { query: new URLSearchParams('x=evil') },
      { query: new URLSearchParams('x=good') },
    ],
    [
      'cookies',
      byteMatch(
        {
          Cookies: {
            MatchPattern: { IncludedCookies: ['s'] },
            MatchScope: 'VALUE',
            OversizeHandling: 'CONTINUE',
          },
        },
        'evil',
      ),
      { headers: { cookie: 't=1; s=evil' } },
      { headers: { cookie: 't=evil; s=1' } },
    ],
    [
      'header keys',
      byteMatch(
        { Headers: { MatchPattern: { All: {} }, MatchScope: 'KEY', OversizeHandling: 'CONTINUE' } },
        'x-evil',
      ),
      { headers: { 'x-evil': '1' } },
      { headers: { a: 'x-evil' } },
    ],
    [
      'excluded headers',
      byteMatch(
        {
          Headers: {
            MatchPattern: { ExcludedHeaders: ['a'] },
            MatchScope: 'VALUE',
            OversizeHandling: 'CONTINUE',
          },
        },
        'evil',
      ),
      { headers: { b: 'evil' } },
      { headers: { a: 'evil' } },
    ],
    ['body', byteMatch({ Body: { OversizeHandling: 'CONTINUE' } }, 'evil'), body('so evil'), body('fine')],
    [
      'body beyond the inspected size',
      byteMatch({ Body: { OversizeHandling: 'MATCH' } }, 'evil'),
      body('x'.repeat(16_385)),
      body('x'.repeat(16_384)),
    ],
    [
      'JSON values',
      byteMatch({ JsonBody: { MatchPattern: { All: {} }, MatchScope: 'VALUE' } }, 'evil'),
      body({ a: { b: ['evil'] } }),
      body({ evil: 'x' }),
    ],
    [
      'JSON by path',
      byteMatch({ JsonBody: { MatchPattern: { IncludedPaths: ['/a'] }, MatchScope: 'VALUE' } }, 'evil'),
      body({ a: 'evil' }),
      body({ b: 'evil' }),
    ],
    [
      'broken JSON by fallback',
      byteMatch(
        { JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL', InvalidFallbackBehavior: 'MATCH' } },
        'evil',
      ),
      body('{'),
      body('{}'),
    ],
    [
      'lower case',
      byteMatch(path, '/admin', 'CONTAINS', [{ Priority: 0, Type: 'LOWERCASE' }]),
      { path: '/ADMIN' },
      {},
    ],
    [
      'decoded twice in order',
      byteMatch(path, '../', 'CONTAINS', [
        { Priority: 1, Type: 'URL_DECODE' },
        { Priority: 0, Type: 'URL_DECODE' },
      ]),
      { path: '/%252e%252e%252f' },
      { path: '/%25252e' },
    ],
    [
      'entities',
      byteMatch(path, '<a>', 'CONTAINS', [{ Priority: 0, Type: 'HTML_ENTITY_DECODE' }]),
      { path: '&lt;&#x61;&#62;' },
      {},
    ],
    [
      'white space',
      byteMatch(path, 'a b', 'CONTAINS', [{ Priority: 0, Type: 'COMPRESS_WHITE_SPACE' }]),
      { path: 'a \t b' },
      {},
    ],
    [
      'size',
      {
        SizeConstraintStatement: {
          FieldToMatch: { Body: {} },
          ComparisonOperator: 'GT',
          Size: 3,
          TextTransformations: PLAIN,
        },
      },
      body('four'),
      body('abc'),
    ],
    [
      'regex',
      {
        RegexMatchStatement: {
          FieldToMatch: path,
          RegexString: '(?i)^/DEV/v\\d+/',
          TextTransformations: PLAIN,
        },
      },
      {},
      { path: '/dev/vx/' },
    ],
    [
      'and',
      { AndStatement: { Statements: [byteMatch(path, 'v1'), byteMatch({ Method: {} }, 'POST')] } },
      {},
      { method: 'GET' },
    ],
    [
      'or',
      { OrStatement: { Statements: [byteMatch(path, 'nope'), byteMatch({ Method: {} }, 'POST')] } },
      {},
      { method: 'GET' },
    ],
    ['not', { NotStatement: { Statement: byteMatch({ Method: {} }, 'GET') } }, {}, { method: 'GET' }],
  ])('matches by %s', async (_name, statement, hit, miss) => {
    await protect([rule('r', 0, statement)]);
    expect(evaluate(hit)).toMatchObject({ action: 'BLOCK', rule: 'r' });
    expect(evaluate(miss).action).toBe('ALLOW');
  });

  it('matches addresses of a set, IPv4 inside IPv6 too', async () => {
    const set = await provision(waf, 'AWS::WAFv2::IPSet', 'Set', {
      Scope: 'REGIONAL',
      IPAddressVersion: 'IPV4',
      Addresses: ['198.51.100.0/24'],
    });
    await protect([rule('set', 0, { IPSetReferenceStatement: { Arn: set.attributes.Arn } })]);
    expect(evaluate({ sourceIp: '::ffff:198.51.100.7' }).action).toBe('BLOCK');
    expect(evaluate({ sourceIp: '198.51.101.7' }).action).toBe('ALLOW');
  });

  it.each([
    ['FIRST', '198.51.100.7, 10.0.0.1', 'BLOCK'],
    ['LAST', '198.51.100.7, 10.0.0.1', 'ALLOW'],
    ['ANY', '10.0.0.1, 198.51.100.7', 'BLOCK'],
  ])('matches a forwarded address at position %s', async (position, header, action) => {
    const set = await provision(waf, 'AWS::WAFv2::IPSet', 'Set', { Addresses: ['198.51.100.0/24'] });
    const config = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH', Position: position };
    await protect([
      rule('set', 0, {
        IPSetReferenceStatement: { Arn: set.attributes.Arn, IPSetForwardedIPConfig: config },
      }),
    ]);
    expect(evaluate({ headers: { 'x-forwarded-for': header } }).action).toBe(action);
  });

  it('matches a pattern set', async () => {
    const set = await provision(waf, 'AWS::WAFv2::RegexPatternSet', 'Set', {
      RegularExpressionList: ['^/a', '^/b'],
    });
    await protect([
      rule('set', 0, {
        RegexPatternSetReferenceStatement: {
          Arn: set.attributes.Arn,
          FieldToMatch: path,
          TextTransformations: PLAIN,
        },
      }),
    ]);
    expect([evaluate({ path: '/bx' }).action, evaluate({ path: '/c' }).action]).toEqual(['BLOCK', 'ALLOW']);
  });

  it.each([
    ['statement', { FancyStatement: {} }, 'FancyStatement'],
    ['field', byteMatch({ JA3Fingerprint: { FallbackBehavior: 'MATCH' } }, 'x'), 'JA3Fingerprint'],
    [
      'transformation',
      byteMatch(path, 'x', 'CONTAINS', [{ Priority: 0, Type: 'SQL_HEX_DECODE' }]),
      'SQL_HEX_DECODE',
    ],
  ])('names a %s that it does not evaluate', async (_kind, statement, word) =>
    expect(protect([rule('r', 0, statement)])).rejects.toThrow(word),
  );
});

describe('rate-based rules', () => {
  const limited = (limit: number, more: Record<string, unknown> = {}) => ({
    RateBasedStatement: { Limit: limit, AggregateKeyType: 'IP', EvaluationWindowSec: 60, ...more },
  });
  const times = (count: number, overrides: Partial<WafRequest> = {}) =>
    Array.from({ length: count }, () => evaluate(overrides).action);

  it('blocks an address over its limit and lets it in again after the window', async () => {
    await protect([rule('rate', 0, limited(10))]);
    expect(times(10)).toEqual(Array(10).fill('ALLOW'));
    expect(times(1)).toEqual(['BLOCK']);
    expect(times(1, { sourceIp: '192.0.2.2' })).toEqual(['ALLOW']);
    cloud.clock.advance(59_000);
    expect(times(1)).toEqual(['BLOCK']);
    cloud.clock.advance(61_000);
    expect(times(1)).toEqual(['ALLOW']);
  });

  it('counts only what the scope-down statement fits', async () => {
    await protect([rule('rate', 0, limited(10, { ScopeDownStatement: byteMatch(path, '/registrations') }))]);
    expect(times(30)).not.toContain('BLOCK');
    times(10, { path: '/dev/v1/registrations' });
    expect(times(1, { path: '/dev/v1/registrations' })).toEqual(['BLOCK']);
    expect(times(1)).toEqual(['ALLOW']);
  });

  it('counts all requests together under CONSTANT', async () => {
    await protect([
      rule(
        'rate',
        0,
        limited(10, { AggregateKeyType: 'CONSTANT', ScopeDownStatement: byteMatch(path, '/') }),
      ),
    ]);
    times(10);
    expect(times(1, { sourceIp: '192.0.2.99' })).toEqual(['BLOCK']);
  });

  it('uses the first forwarded address, and its fallback for a malformed one', async () => {
    const config = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH' };
    await protect([
      rule('rate', 0, limited(10, { AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: config })),
    ]);
    times(10, { headers: { 'x-forwarded-for': '203.0.113.1, 10.0.0.1' } });
    expect(times(1, { headers: { 'x-forwarded-for': '203.0.113.1' } })).toEqual(['BLOCK']);
    expect(times(1, { headers: { 'x-forwarded-for': '203.0.113.2' } })).toEqual(['ALLOW']);
    expect(times(1, { headers: { 'x-forwarded-for': 'junk' } })).toEqual(['BLOCK']);
    expect(times(1)).toEqual(['ALLOW']);
  });

  it('does not count a request that lacks a custom key', async () => {
    const keys = [{ Header: { Name: 'x-client', TextTransformations: PLAIN } }, { HTTPMethod: {} }];
    await protect([rule('rate', 0, limited(10, { AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: keys }))]);
    expect(times(30)).not.toContain('BLOCK');
    times(10, { headers: { 'x-client': 'a' } });
    expect(times(1, { headers: { 'x-client': 'a' } })).toEqual(['BLOCK']);
    expect(times(1, { headers: { 'x-client': 'a' }, method: 'GET' })).toEqual(['ALLOW']);
  });
});

describe('WAF rules', () => {
  const everything = byteMatch(path, '/', 'STARTS_WITH');

  it('evaluates by priority and stops at the first that ends', async () => {
    await protect([rule('late', 9, everything), rule('early', 1, everything, { Allow: {} })]);
    expect(evaluate()).toMatchObject({ action: 'ALLOW', rule: 'early' });
    expect(waf.rules().map(({ rule: name, matched }) => [name, matched])).toEqual([
      ['early', 1],
      ['late', 0],
    ]);
  });

  it('inserts headers of Count and Allow with the prefix, and keeps what no rule overwrites to the client', async () => {
    const insert = (Name: string, Value: string) => ({
      CustomRequestHandling: { InsertHeaders: [{ Name, Value }] },
    });
    await protect([rule('mark', 0, everything, { Count: insert('Seen', 'yes') })], {
      DefaultAction: { Allow: insert('default', '1') },
    });
    expect(evaluate().insertHeaders).toEqual({ 'x-amzn-waf-seen': 'yes', 'x-amzn-waf-default': '1' });
  });

  it('hands labels on to later rules', async () => {
    const label = (Scope: string, Key: string) => ({ LabelMatchStatement: { Scope, Key } });
    await protect([
      rule('tag', 0, everything, { Count: {} }, { RuleLabels: [{ Name: 'door:api' }] }),
      rule('half', 1, label('LABEL', 'pi')),
      rule('other', 2, label('NAMESPACE', 'gate:')),
      rule('space', 3, label('NAMESPACE', 'door:'), { Count: {} }),
      rule('exact', 4, label('LABEL', 'awswaf:000000000000:webacl:api:door:api')),
    ]);
    expect(evaluate()).toMatchObject({ rule: 'exact', labels: ['awswaf:000000000000:webacl:api:door:api'] });
    expect(waf.rules().find((report) => report.rule === 'space')?.matched).toBe(1);
  });

  it('answers with a custom response', async () => {
    const custom = {
      ResponseCode: 429,
      CustomResponseBodyKey: 'slow',
      ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
    };
    await protect([rule('r', 0, everything, { Block: { CustomResponse: custom } })], {
      CustomResponseBodies: { slow: { ContentType: 'APPLICATION_JSON', Content: '{"code":"SLOW"}' } },
    });
    expect(evaluate()).toMatchObject({
      status: 429,
      body: '{"code":"SLOW"}',
      headers: { 'content-type': 'application/json', 'retry-after': '60' },
    });
  });

  it.each([
    ['Captcha', 'CAPTCHA', 405, 'captcha'],
    ['Challenge', 'CHALLENGE', 202, 'challenge'],
  ])('ends with %s, as no token can be valid here', async (action, expected, status, header) => {
    await protect([rule('r', 0, everything, { [action]: {} })]);
    expect(evaluate()).toMatchObject({ action: expected, status, headers: { 'x-amzn-waf-action': header } });
  });

  it('blocks by default where the web ACL says so', async () => {
    await protect([], { DefaultAction: { Block: {} } });
    const verdict = evaluate();
    expect(verdict.action).toBe('BLOCK');
    expect(verdict.rule).toBeUndefined();
  });

  it('recognises managed groups and geography, says so once, and never lets them decide', async () => {
    const managed = groupRule('AWSManagedRulesKnownBadInputsRuleSet');
    const notFromHere = { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE'] } } } };
    await protect([managed, rule('geo', 1, notFromHere)]);
    expect([evaluate().action, evaluate().action]).toEqual(['ALLOW', 'ALLOW']);
    expect(waf.rules().map(({ notEvaluated }) => notEvaluated)).toEqual([
      'managed rule group AWS/AWSManagedRulesKnownBadInputsRuleSet',
      'country of the address',
    ]);
    expect(cloud.logged).toHaveLength(2);
  });

  it('blocks whoever names no agent, as the core group does, unless the template says otherwise', async () => {
    const core = 'AWSManagedRulesCommonRuleSet';
    const toCount = [{ Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } }];
    const outcomes = [];
    for (const each of [
      groupRule(core),
      groupRule(core, { OverrideAction: { Count: {} } }),
      groupRule(core, {}, { RuleActionOverrides: toCount }),
      groupRule(core, {}, { ScopeDownStatement: { NotStatement: { Statement: everything } } }),
    ]) {
      await protect([each]);
      const agents: Record<string, string>[] = [{}, { 'user-agent': 'vestibule' }];
      outcomes.push(agents.map((headers) => evaluate({ headers }).action).join());
    }
    expect(outcomes).toEqual(['BLOCK,ALLOW', ...Array(3).fill('ALLOW,ALLOW')]);
  });

  it('logs what it ended without the address', async () => {
    await protect([rule('r', 0, everything)]);
    evaluate();
    expect(waf.ended()).toEqual([
      {
        at: '2026-11-22T12:00:00.000Z',
        resourceArn: STAGE,
        action: 'BLOCK',
        rule: 'r',
        method: 'POST',
        path: '/dev/v1/sessions',
      },
    ]);
  });

  it('allows what no web ACL protects', () =>
    expect(waf.evaluate('arn:other', request())).toEqual({ action: 'ALLOW', insertHeaders: {}, labels: [] }));

  it('refuses an association with an unknown web ACL', async () => {
    const properties = { ResourceArn: STAGE, WebACLArn: 'arn:x' };
    await expect(provision(waf, 'AWS::WAFv2::WebACLAssociation', 'Link', properties)).rejects.toThrow(
      'arn:x',
    );
  });

  it('takes a logging configuration, which changes no verdict', async () => {
    const acl = await provision(waf, 'AWS::WAFv2::LoggingConfiguration', 'Log', { ResourceArn: 'acl-arn' });
    expect(acl.physicalId).toBe('acl-arn');
  });
});
