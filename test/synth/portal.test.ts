import { describe, expect, it } from 'vitest';
import type { VestibuleConfig } from '../../lib/config/types.ts';
import sample from '../../vestibule.config.ts';
import { environmentOf, functionNamed, ofType, resourcesOf, synthesize } from '../support/synth.ts';

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });
type Template = typeof dev;

const only = (template: Template, type: string) => {
  const found = ofType(template, type).filter(([id]) => id.includes('Portal'));
  expect(found).toHaveLength(1);
  return found[0] as NonNullable<(typeof found)[0]>;
};

interface Behavior {
  readonly PathPattern?: string;
  readonly AllowedMethods: readonly string[];
  readonly CachePolicyId: unknown;
  readonly OriginRequestPolicyId?: string;
  readonly ResponseHeadersPolicyId: unknown;
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly Compress: boolean;
  readonly FunctionAssociations?: readonly { readonly FunctionARN: { 'Fn::GetAtt': [string, string] } }[];
}
interface Origin {
  readonly Id: string;
  readonly DomainName: unknown;
  readonly OriginPath?: string;
  readonly OriginAccessControlId?: unknown;
  readonly CustomOriginConfig?: unknown;
  readonly OriginCustomHeaders?: readonly { readonly HeaderName: string; readonly HeaderValue: unknown }[];
}
interface Config {
  readonly Aliases?: readonly string[];
  readonly Origins: readonly Origin[];
  readonly CacheBehaviors: readonly Behavior[];
  readonly DefaultCacheBehavior: Behavior;
  readonly CustomErrorResponses: readonly object[];
}
const configOf = (template: Template): Config =>
  only(template, 'AWS::CloudFront::Distribution')[1].Properties.DistributionConfig as Config;
const behavior = (template: Template, path: string): Behavior => {
  const found = configOf(template).CacheBehaviors.find(({ PathPattern }) => PathPattern === path);
  if (!found) throw new Error(`no behaviour for ${path}`);
  return found;
};
const originOf = (template: Template, { TargetOriginId }: Behavior): Origin => {
  const found = configOf(template).Origins.find(({ Id }) => Id === TargetOriginId);
  if (!found) throw new Error(`no origin ${TargetOriginId}`);
  return found;
};

describe('headers of every answer', () => {
  const [id, policy] = only(dev, 'AWS::CloudFront::ResponseHeadersPolicy');
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = policy.Properties
    .ResponseHeadersPolicyConfig as {
    SecurityHeadersConfig: object;
    CustomHeadersConfig: { Items: object[] };
  };

  it('are the strict ones, whatever an origin says', () => {
    expect(security).toEqual({
      ContentSecurityPolicy: {
        ContentSecurityPolicy:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        Override: true,
      },
      StrictTransportSecurity: {
        AccessControlMaxAgeSec: 63_072_000,
        IncludeSubdomains: true,
        Override: true,
      },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: true },
    });
    expect(custom.Items).toEqual([
      expect.objectContaining({
        Header: 'Permissions-Policy',
        Value: expect.stringMatching(
          /^publickey-credentials-get=\(self\), publickey-credentials-create=\(self\), clipboard-write=\(self\), camera=\(\)/,
        ),
      }),
      { Header: 'Cross-Origin-Opener-Policy', Value: 'same-origin', Override: true },
      { Header: 'Cross-Origin-Resource-Policy', Value: 'same-origin', Override: true },
    ]);
  });

  it('are on every behaviour', () => {
    const { CacheBehaviors, DefaultCacheBehavior } = configOf(dev);
    for (const { ResponseHeadersPolicyId } of [...CacheBehaviors, DefaultCacheBehavior])
      expect(ResponseHeadersPolicyId).toEqual({ Ref: id });
  });
});

describe('files', () => {
  const [bucketId, bucket] = only(dev, 'AWS::S3::Bucket');

  it('are in a bucket that nobody but the distribution reads', () => {
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(bucket.Properties).not.toHaveProperty('WebsiteConfiguration');
    const { Statement } = only(dev, 'AWS::S3::BucketPolicy')[1].Properties.PolicyDocument as {
      Statement: { Effect: string; Principal: unknown; Action: unknown; Condition: unknown }[];
    };
    const distributionId = only(dev, 'AWS::CloudFront::Distribution')[0];
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
    expect(JSON.stringify(Statement)).toContain(`":distribution/",{"Ref":"${distributionId}"}`);
  });

  it.each(['/portal/*', '/portal/assets/*'])(
    'of %s come by origin access control, with GET and HEAD',
    (path) => {
      const files = behavior(dev, path);
      expect(files).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        ViewerProtocolPolicy: 'redirect-to-https',
        Compress: true,
      });
      expect(files).not.toHaveProperty('OriginRequestPolicyId');
      expect(originOf(dev, files)).toMatchObject({
        DomainName: { 'Fn::GetAtt': [bucketId, 'RegionalDomainName'] },
        OriginAccessControlId: { 'Fn::GetAtt': [expect.stringContaining('PortalAccess'), 'Id'] },
      });
      expect(
        only(dev, 'AWS::CloudFront::OriginAccessControl')[1].Properties.OriginAccessControlConfig,
      ).toMatchObject({
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      });
    },
  );

  it('are kept for a year where their name has a hash, and asked for each time where it has not', () => {
    const deployments = ofType(dev, 'Custom::CDKBucketDeployment').map(([, { Properties, DependsOn }]) => ({
      prefix: Properties.DestinationBucketKeyPrefix,
      cacheControl: (Properties.SystemMetadata as Record<string, string>)['cache-control'],
      prune: Properties.Prune,
      after: (DependsOn ?? []).filter((id) => id.includes('CustomResource')).length,
    }));
    expect(deployments).toEqual([
      {
        prefix: 'portal/assets',
        cacheControl: 'public, max-age=31536000, immutable',
        prune: false,
        after: 0,
      },
      { prefix: 'portal', cacheControl: 'no-cache', prune: false, after: 1 },
    ]);
    expect(behavior(dev, '/portal/assets/*').CachePolicyId).toBe('658327ea-f89d-4fab-a63d-7e88639e58f6');
    expect(only(dev, 'AWS::CloudFront::CachePolicy')[1].Properties.CachePolicyConfig).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      MaxTTL: 1,
    });
  });

  it('that are missing are not the document: an error page would hide it', () => {
    for (const response of configOf(dev).CustomErrorResponses)
      expect(Object.keys(response).sort()).toEqual(['ErrorCachingMinTTL', 'ErrorCode']);
  });
});

describe('errors', () => {
  it("are nobody else's: CloudFront would keep them for ten seconds, by the address alone", () => {
    const codes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
    expect(configOf(dev).CustomErrorResponses).toEqual(
      codes.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    );
  });
});

describe('the Identity API', () => {
  const api = behavior(dev, '/v1/*');
  const origin = originOf(dev, api);
  const [secretId] =
    ofType(dev, 'AWS::SecretsManager::Secret').find(([id]) => id.includes('SecretsEdge')) ?? [];

  it('gets every method, header, cookie and query, and none of its answers is kept', () => {
    expect([...api.AllowedMethods].sort()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'POST',
      'PUT',
    ]);
    expect(api).toMatchObject({
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
      Compress: false,
    });
  });

  it('is asked over TLS 1.2, at its stage, with the secret of the edge by reference', () => {
    expect(origin).toMatchObject({
      OriginPath: '/live',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      OriginCustomHeaders: [
        {
          HeaderName: 'x-vestibule-edge',
          HeaderValue: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:key::}}']],
          },
        },
      ],
    });
    expect(JSON.stringify(origin.DomainName)).toMatch(/"Ref":"IdentityApiRestApi\w+"/);
  });

  it('is told where the viewer is by a function of its own', () => {
    const [function_] = api.FunctionAssociations ?? [];
    const code = resourcesOf(dev)[function_?.FunctionARN['Fn::GetAtt'][0] ?? '']?.Properties;
    expect(code).toMatchObject({
      FunctionCode: expect.stringContaining(
        "request.headers['x-vestibule-viewer-address'] = { value: event.viewer.ip }",
      ),
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    });
  });

  it.each(['auth-api', 'account-api'])('%s knows the secret and reads it by its role', (name) => {
    expect(environmentOf(functionNamed(dev, name)[1]).EDGE_SECRET).toEqual({ Ref: secretId });
  });
});

describe('the distribution', () => {
  it('speaks HTTP/2 and 3, IPv6, and TLS from 1.2 on at a domain of its own', () => {
    expect(configOf(prod)).toMatchObject({
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      Aliases: ['account.lindenlark.example', 'hearth.lindenlark.example'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    });
  });

  it('waits for nothing but the API itself, so that functions may know where it is', () => {
    const [, { Properties, DependsOn = [] }] = only(dev, 'AWS::CloudFront::Distribution');
    const text = JSON.stringify([Properties, DependsOn]);
    for (const [id, { Type }] of Object.entries(resourcesOf(dev)))
      if (['AWS::Lambda::Function', 'AWS::ApiGateway::Method', 'AWS::ApiGateway::Deployment'].includes(Type))
        expect(text).not.toContain(`"${id}"`);
  });
});

describe('where the portal is', () => {
  const urls = (template: Template) =>
    ofType(template, 'AWS::Lambda::Function').flatMap(([, fn]) =>
      fn.Properties.Environment && 'VESTIBULE_FUNCTION' in environmentOf(fn)
        ? [environmentOf(fn).PORTAL_URL]
        : [],
    );
  const given = (own: unknown) => ({ 'Fn::If': [expect.any(String), { Ref: 'PortalUrl' }, own] });

  it('is what every function knows: the parameter, else its own address', () => {
    const address = { 'Fn::Join': ['', ['https://', expect.anything(), '/portal']] };
    expect(new Set(urls(dev).map((url) => JSON.stringify(url))).size).toBe(1);
    expect(urls(dev)[0]).toEqual(given(address));
    expect(urls(prod)[0]).toEqual(given('https://account.lindenlark.example/portal'));
    expect(dev.toJSON().Outputs.PortalUrl.Value).toEqual(urls(dev)[0]);
  });

  it('is elsewhere where the configuration says so, and then nothing of it is deployed', () => {
    const config: VestibuleConfig = {
      ...sample,
      stages: {
        ...sample.stages,
        dev: { ...sample.stages.dev, portal: { enabled: false, url: 'https://my.lindenlark.example' } },
      },
    };
    const template = synthesize({ config });
    expect(urls(template)[0]).toEqual(given('https://my.lindenlark.example'));
    for (const type of [
      'AWS::CloudFront::Distribution',
      'Custom::CDKBucketDeployment',
      'AWS::Lambda::LayerVersion',
    ])
      expect(ofType(template, type)).toEqual([]);
    expect(environmentOf(functionNamed(template, 'auth-api')[1])).not.toHaveProperty('EDGE_SECRET');
    expect(JSON.stringify(ofType(template, 'AWS::WAFv2::WebACL'))).not.toContain('FORWARDED_IP');
  });
});
