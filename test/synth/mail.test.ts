import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { MailStack } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import { ofType, synthesize, testApp } from '../support/synth.ts';

const mailTemplate = (identity?: 'domain' | 'address') =>
  Template.fromStack(new MailStack(testApp(), 'Mail', { mail: { ...sample.mail, identity } }));

describe('mail stack', () => {
  it('makes the identity of the domain and says which DNS records prove it', () => {
    const template = mailTemplate();
    template.hasResource('AWS::SES::EmailIdentity', {
      Properties: { EmailIdentity: 'mail.lindenlark.example' },
      DeletionPolicy: 'Retain',
    });
    expect(Object.keys(template.toJSON().Outputs)).toEqual(['Identity', 'Cname1', 'Cname2', 'Cname3']);
  });

  it('makes the identity of the address alone for a first try without DNS', () => {
    const template = mailTemplate('address');
    template.hasResourceProperties('AWS::SES::EmailIdentity', {
      EmailIdentity: 'account@mail.lindenlark.example',
    });
    expect(Object.keys(template.toJSON().Outputs)).toEqual(['Identity']);
  });
});

describe('installation', () => {
  it.each(['dev', 'prod'] as const)(
    '%s makes no identity: its pool needs one that is verified, and stages share it',
    (stage) => synthesize({ stage }).resourceCountIs('AWS::SES::EmailIdentity', 0),
  );

  it.each([
    ['domain', 'identity/mail.lindenlark.example'],
    ['address', 'identity/account@mail.lindenlark.example'],
  ] as const)('sends as the %s, and only so', (identity, resource) => {
    const template = synthesize({ config: { ...sample, mail: { ...sample.mail, identity } } });
    const [pool] = ofType(template, 'AWS::Cognito::UserPool').map(([, { Properties }]) => Properties);
    expect(JSON.stringify(pool?.EmailConfiguration)).toContain(`:${resource}"`);
    const grants = ofType(template, 'AWS::IAM::Policy')
      .map(([, { Properties }]) => JSON.stringify(Properties))
      .filter((policy) => policy.includes('ses:SendEmail'));
    expect(grants.length).toBeGreaterThan(2);
    for (const policy of grants) expect(policy).toContain(`:${resource}"`);
  });
});
