import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../../../lib/config/define-config.ts';
import { deployedPortal, portalOrigin } from '../../../../lib/config/portal.ts';
import { ConfigError } from '../../../../lib/config/problems.ts';
import type { VestibuleConfig } from '../../../../lib/config/types.ts';
import sample from '../../../../vestibule.config.ts';

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000001';

function problemsOf(portal: unknown): string[] {
  const prod = { ...sample.stages.prod, portal };
  const config = { ...sample, stages: { ...sample.stages, prod } } as VestibuleConfig;
  try {
    defineConfig(config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('the portal of a stage', () => {
  it.each([
    undefined,
    {},
    { enabled: true },
    { domain: { name: 'account.lindenlark.example', certificateArn } },
    { enabled: false, url: 'https://my.lindenlark.example/account' },
  ])('may be %j', (portal) => expect(problemsOf(portal)).toEqual([]));

  it.each([
    [{ enabled: false }, 'stages.prod.portal.url: is missing: where links in mails lead'],
    [
      { enabled: false, url: 'https://my.example', domain: { name: 'a.lindenlark.example', certificateArn } },
      'stages.prod.portal.domain: is for a portal that is deployed',
    ],
    [{ url: 'https://my.example' }, 'stages.prod.portal.url: is for pages of your own: set enabled to false'],
    [
      { domain: { name: 'account.elsewhere.example', certificateArn } },
      'stages.prod.portal.domain.name: passkeys of lindenlark.example do not work on this domain',
    ],
    [
      { domain: { name: 'login.lindenlark.example', certificateArn } },
      'stages.prod.portal.domain.name: is the domain of managedLogin, which is another distribution',
    ],
    [
      {
        domain: {
          name: 'account.lindenlark.example',
          certificateArn: certificateArn.replace('us-east-1', 'eu-central-1'),
        },
      },
      'stages.prod.portal.domain.certificateArn: expected the ARN of an ACM certificate in us-east-1',
    ],
    [{ colour: 'red' }, 'stages.prod.portal.colour: unknown setting'],
  ])('may not be %j', (portal, problem) => expect(problemsOf(portal)).toEqual([problem]));

  it('is deployed unless it is switched off', () => {
    expect([
      deployedPortal({}),
      deployedPortal({ portal: { enabled: false, url: 'https://a.example' } }),
    ]).toEqual([{}, undefined]);
  });

  it('has an origin that is known before the deployment only with a name of its own', () => {
    expect(portalOrigin({})).toBeUndefined();
    expect(portalOrigin({ portal: { domain: { name: 'a.example', certificateArn } } })).toBe(
      'https://a.example',
    );
    expect(portalOrigin({ portal: { enabled: false, url: 'https://b.example/x' } })).toBe(
      'https://b.example',
    );
  });
});
