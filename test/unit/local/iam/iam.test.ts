import { beforeEach, describe, expect, it } from 'vitest';
import { type IamService, iamService } from '../../../../local/iam/index.ts';
import { MalformedPolicy } from '../../../../local/iam/policy.ts';
import { FakeCloud, provision } from '../../../support/fake-cloud.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:000000000000:table/Risk';
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

const document = (...statements: Record<string, unknown>[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});
const allow = (action: string | string[], resource: string | string[], more = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});

let cloud: FakeCloud;
let iam: IamService;

const roleWith = async (...statements: Record<string, unknown>[]): Promise<string> => {
  const role = await provision(iam, 'AWS::IAM::Role', 'SignInRole', {
    AssumeRolePolicyDocument: {},
    Policies: [{ PolicyName: 'inline', PolicyDocument: document(...statements) }],
  });
  return String(role.attributes.Arn);
};

beforeEach(() => {
  cloud = new FakeCloud();
  iam = iamService(cloud);
});

describe('IAM evaluation', () => {
  it.each<[string, Record<string, unknown>[], string, string, boolean]>([
    ['what is allowed', [allow('dynamodb:GetItem', TABLE)], 'dynamodb:GetItem', TABLE, true],
    ['nothing by default', [allow('dynamodb:GetItem', TABLE)], 'dynamodb:PutItem', TABLE, false],
    ['another resource', [allow('dynamodb:GetItem', TABLE)], 'dynamodb:GetItem', `${TABLE}2`, false],
    ['action without case', [allow('dynamodb:getitem', TABLE)], 'dynamodb:GetItem', TABLE, true],
    ['action wildcards', [allow('dynamodb:*Item', TABLE)], 'dynamodb:PutItem', TABLE, true],
    ['? as one character', [allow('kms:?ign', '*')], 'kms:Sign', 'arn:aws:kms:::key/1', true],
    [
      'resource wildcards',
      [allow('dynamodb:Query', `${TABLE}/index/*`)],
      'dynamodb:Query',
      `${TABLE}/index/a`,
      true,
    ],
    ['the star alone', [allow('*', '*')], 'ses:SendEmail', 'arn:aws:ses:::identity/x', true],
    [
      'dots as dots',
      [allow('s3:GetObject', 'arn:aws:s3:::a.b/*')],
      's3:GetObject',
      'arn:aws:s3:::aXb/k',
      false,
    ],
    [
      'Deny over Allow',
      [allow('*', '*'), { Effect: 'Deny', Action: 'kms:Sign', Resource: '*' }],
      'kms:Sign',
      'k',
      false,
    ],
    [
      'NotAction',
      [{ Effect: 'Allow', NotAction: ['iam:*', 'kms:*'], Resource: '*' }],
      'kms:Sign',
      'k',
      false,
    ],
    ['NotAction, another', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'kms:Sign', 'k', true],
    ['NotResource', [{ Effect: 'Allow', Action: '*', NotResource: TABLE }], 'dynamodb:GetItem', TABLE, false],
    [
      'NotResource, another',
      [{ Effect: 'Allow', Action: '*', NotResource: TABLE }],
      'dynamodb:GetItem',
      'x',
      true,
    ],
  ])('decides on %s', async (_name, statements, action, resource, allowed) => {
    const role = await roleWith(...statements);
    expect(iam.authorize(role, { action, resource }).allowed).toBe(allowed);
    expect(iam.authorize(role, { action, resource }).allowed, 'from the cache').toBe(allowed);
  });

  it('says which action nothing allows', async () => {
    const role = await roleWith(allow('dynamodb:GetItem', TABLE));
    expect(iam.authorize(role, { action: 'kms:Sign', resource: 'k' }).why).toBe(
      'because no identity-based policy allows the kms:Sign action',
    );
  });

  it('says that a deny was explicit', async () => {
    const role = await roleWith({ Effect: 'Deny', Action: '*', Resource: '*' });
    expect(iam.authorize(role, { action: 'kms:Sign', resource: 'k' }).why).toContain('explicit deny');
  });

  it('evaluates a condition for every call, never from the cache', async () => {
    const role = await roleWith(
      allow('dynamodb:PutItem', TABLE, {
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'ACCOUNT#*' } },
      }),
    );
    const put = (key: string) =>
      iam.authorize(role, {
        action: 'dynamodb:PutItem',
        resource: TABLE,
        context: { 'dynamodb:LeadingKeys': [key] },
      }).allowed;
    expect([put('ACCOUNT#1'), put('ADDRESS#1'), put('ACCOUNT#2')]).toEqual([true, false, true]);
  });

  it('evaluates time conditions by the cloud clock', async () => {
    const role = await roleWith(
      allow('kms:Sign', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-22T12:00:30Z' } } }),
    );
    expect(iam.authorize(role, { action: 'kms:Sign', resource: 'k' }).allowed).toBe(true);
    cloud.clock.advance(60_000);
    expect(iam.authorize(role, { action: 'kms:Sign', resource: 'k' }).allowed).toBe(false);
  });

  it('fills variables of resources from the request', async () => {
    const role = await roleWith(allow('s3:GetObject', `arn:aws:s3:::b/\${aws:PrincipalAccount}/*`));
    const read = (key: string) =>
      iam.authorize(role, { action: 's3:GetObject', resource: `arn:aws:s3:::b/${key}` }).allowed;
    expect([read('000000000000/x'), read('111111111111/x')]).toEqual([true, false]);
  });

  it('denies a role that does not exist', () =>
    expect(iam.authorize('arn:aws:iam::1:role/none', { action: 'kms:Sign', resource: 'k' }).allowed).toBe(
      false,
    ));

  it('keeps roles apart', async () => {
    await roleWith(allow('*', '*'));
    const other = await provision(iam, 'AWS::IAM::Role', 'OtherRole', {});
    const arn = String(other.attributes.Arn);
    expect(iam.authorize(arn, { action: 'kms:Sign', resource: 'k' }).allowed).toBe(false);
  });
});

describe('IAM resources', () => {
  it('names a role after its logical id and gives ARN and id', async () => {
    const role = await provision(iam, 'AWS::IAM::Role', 'SignInRole', {});
    expect(role.physicalId).toBe('SignInRole-A1B2C3D4');
    expect(role.attributes.Arn).toBe('arn:aws:iam::000000000000:role/SignInRole-A1B2C3D4');
    expect(role.attributes.RoleId).toMatch(/^AROA[0-9A-F]{17}$/);
  });

  it('keeps a given name and path', async () => {
    const role = await provision(iam, 'AWS::IAM::Role', 'R', { RoleName: 'mine', Path: '/team/' });
    expect(role.attributes.Arn).toBe('arn:aws:iam::000000000000:role/team/mine');
  });

  it('adds AWS::IAM::Policy to its roles', async () => {
    const role = await provision(iam, 'AWS::IAM::Role', 'R', {});
    await provision(iam, 'AWS::IAM::Policy', 'P', {
      PolicyName: 'p',
      PolicyDocument: document(allow('kms:Sign', '*')),
      Roles: [role.physicalId],
    });
    const verdict = iam.authorize(String(role.attributes.Arn), { action: 'kms:Sign', resource: 'k' });
    expect(verdict).toEqual({ allowed: true, why: 'allowed by p' });
  });

  it('attaches own managed policies both ways', async () => {
    const first = await provision(iam, 'AWS::IAM::Role', 'First', {});
    const policy = await provision(iam, 'AWS::IAM::ManagedPolicy', 'M', {
      PolicyDocument: document(allow('kms:Sign', '*')),
      Roles: [first.physicalId],
    });
    const second = await provision(iam, 'AWS::IAM::Role', 'Second', {
      ManagedPolicyArns: [policy.physicalId],
    });
    for (const role of [first, second]) {
      const arn = String(role.attributes.Arn);
      expect(iam.authorize(arn, { action: 'kms:Sign', resource: 'k' }).allowed).toBe(true);
    }
  });

  it('knows the basic execution policy of Lambda', async () => {
    const role = await provision(iam, 'AWS::IAM::Role', 'R', { ManagedPolicyArns: [BASIC] });
    const arn = String(role.attributes.Arn);
    expect(iam.authorize(arn, { action: 'logs:PutLogEvents', resource: 'l' }).allowed).toBe(true);
  });

  it.each([
    ['an unknown managed policy', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nope'] }, 'Nope'],
    [
      'a statement without an action',
      { Policies: [{ PolicyName: 'p', PolicyDocument: document({ Effect: 'Allow', Resource: '*' }) }] },
      'Action',
    ],
    [
      'a statement without a resource',
      { Policies: [{ PolicyName: 'p', PolicyDocument: document({ Effect: 'Allow', Action: '*' }) }] },
      'Resource',
    ],
    [
      'an unknown effect',
      { Policies: [{ PolicyName: 'p', PolicyDocument: document({ Effect: 'allow' }) }] },
      'Effect',
    ],
  ])('refuses %s by name', async (_name, properties, word) => {
    const refused = provision(iam, 'AWS::IAM::Role', 'R', properties);
    await expect(refused).rejects.toThrow(MalformedPolicy);
    await expect(refused).rejects.toThrow(word);
  });

  it('refuses a policy for a role that does not exist', async () => {
    const properties = { PolicyName: 'p', PolicyDocument: document(allow('*', '*')), Roles: ['gone'] };
    await expect(provision(iam, 'AWS::IAM::Policy', 'P', properties)).rejects.toThrow('"gone"');
  });
});

describe('grants', () => {
  it('counts each action of a statement on its own, cached or not', async () => {
    const role = await roleWith(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TABLE));
    for (let call = 0; call < 3; call += 1)
      iam.authorize(role, { action: 'dynamodb:GetItem', resource: TABLE });
    expect(iam.grants().map(({ action, used }) => [action, used])).toEqual([
      ['dynamodb:GetItem', 3],
      ['dynamodb:PutItem', 0],
    ]);
  });

  it('tells a grant that alone allowed a call from one that was not needed for it', async () => {
    const wide = allow('dynamodb:*', TABLE);
    const role = await roleWith(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TABLE), wide);
    for (const action of ['dynamodb:GetItem', 'dynamodb:Query'])
      iam.authorize(role, { action, resource: TABLE });
    expect(iam.grants().map(({ action, alone }) => [action, alone])).toEqual([
      ['dynamodb:GetItem', 0],
      ['dynamodb:PutItem', 0],
      ['dynamodb:*', 1],
    ]);
  });

  it('takes one grant away, also from cached verdicts, and gives it back', async () => {
    const role = await roleWith(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TABLE));
    const may = (action: string) => iam.authorize(role, { action, resource: TABLE }).allowed;
    expect(may('dynamodb:GetItem')).toBe(true);
    const removal = iam.removeGrant((grant) => grant.roleArn === role && grant.action === 'dynamodb:GetItem');
    expect(removal.removed).toHaveLength(1);
    expect([may('dynamodb:GetItem'), may('dynamodb:PutItem')]).toEqual([false, true]);
    removal.restore();
    removal.restore();
    expect(may('dynamodb:GetItem')).toBe(true);
    expect(iam.grants()).toHaveLength(2);
  });
});
