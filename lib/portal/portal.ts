import { Annotations, Aws, CfnCondition, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { edgeHeader } from '../../lambdas/api/viewer-address.ts';
import type { DeployedPortal } from '../config/portal.ts';
import type { LogGroups } from '../operations/log-groups.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { acknowledge } from '../rules/acknowledge.ts';
import { pagesFunction, viewerAddressFunction } from './edge-functions.ts';
import type { PortalConfiguration } from './portal-configuration.ts';
import { builtPages, PortalFiles } from './portal-files.ts';
import { portalHeaders } from './response-headers.ts';

export interface PortalProps {
  /** Of the installation. */
  readonly name: string;
  readonly portal: DeployedPortal;
  readonly configuration: PortalConfiguration;
  /**
   * Id of the REST API, and the name of its stage. Not the API's URL, which would wait for its methods and with them for
   * functions that need to know where the portal is.
   */
  readonly api: { readonly id: string; readonly stage: string };
  readonly edgeSecret: secretsmanager.ISecret;
  readonly logs: LogGroups;
  /** Folder with the built pages. @default - `dist/portal` of this package */
  readonly pages?: string;
}

/**
 * The pages at one origin with the Identity API: `/portal/*` from a private bucket, `/v1/*` from the API, so that the
 * session cookie is first-party and nothing needs CORS.
 */
export class Portal extends Construct {
  readonly bucket: s3.Bucket;
  readonly distribution: cloudfront.Distribution;
  /** Of the pages, without slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: PortalProps) {
    super(scope, id);
    this.bucket = this.filesBucket();
    this.distribution = this.distribute(props);
    this.url = `https://${props.portal.domain?.name ?? this.distribution.distributionDomainName}/portal`;
    new PortalFiles(this, 'Files', {
      bucket: this.bucket,
      configuration: props.configuration,
      pages: props.pages ?? builtPages,
      logGroup: props.logs.create(this, 'FilesLog'),
    });
  }

  /** Holds nothing but a build. It outlives the stack, because CloudFormation deletes no bucket with files in it. */
  private filesBucket(): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(bucket, bucketFindings);
    return bucket;
  }

  private distribute(props: PortalProps): cloudfront.Distribution {
    const { name, portal } = props;
    const headers = portalHeaders(this, name);
    const files = {
      origin: this.filesOrigin(name),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: headers,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
      compress: true,
    };
    const pages: cloudfront.BehaviorOptions = {
      ...files,
      cachePolicy: this.documentsPolicy(name),
      functionAssociations: [
        { eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: pagesFunction(this) },
      ],
    };
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `${name} portal`,
      defaultRootObject: 'index.html', // is not there: without it `/` would be the bucket's listing
      defaultBehavior: pages,
      additionalBehaviors: {
        '/portal/assets/*': { ...files, cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED },
        '/portal/*': pages,
        '/v1/*': this.apiBehavior(props, headers),
      },
      errorResponses: keptErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      ...(portal.domain && {
        minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        // The certificate has to name the hosts of brands, too.
        domainNames: [
          ...new Set([portal.domain.name, ...props.configuration.brands.flatMap(({ hosts }) => hosts)]),
        ],
        certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', portal.domain.certificateArn),
      }),
    });
    acknowledge(distribution, { ...distributionFindings, ...(portal.domain ? {} : ownCertificateFindings) });
    Annotations.of(distribution).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'the root object keeps requests from the bucket itself',
    );
    return distribution;
  }

  /** Asks the bucket each time, as its `no-cache` says; unlike with no policy of caching at all, answers are compressed. */
  private documentsPolicy(name: string): cloudfront.CachePolicy {
    return new cloudfront.CachePolicy(this, 'DocumentsCache', {
      cachePolicyName: `${name}-portal-documents-${Aws.REGION}`, // one list for all Regions of an account
      comment: 'Documents of the portal: compressed, never kept',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.seconds(1),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  /** May list, so that what is not there is a 404: without it S3 answers 403. No address lets a listing out. */
  private filesOrigin(name: string): cloudfront.IOrigin {
    return origins.S3BucketOrigin.withOriginAccessControl(this.bucket, {
      originAccessControl: new cloudfront.S3OriginAccessControl(this, 'Access', {
        originAccessControlName: `${name}-portal-${Aws.REGION}`, // one list for all Regions of an account
        signing: cloudfront.Signing.SIGV4_ALWAYS,
      }),
      originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
    });
  }

  /** Everything but the host goes through, and nothing is kept: each answer is somebody's own. */
  private apiBehavior(
    { api, edgeSecret }: PortalProps,
    responseHeadersPolicy: cloudfront.IResponseHeadersPolicy,
  ): cloudfront.BehaviorOptions {
    const domain = Fn.join('', [api.id, `.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`]);
    return {
      origin: new origins.HttpOrigin(domain, {
        originPath: `/${api.stage}`,
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30), // as long as the gateway waits for a function
        customHeaders: { [edgeHeader]: edgeSecret.secretValueFromJson('key').unsafeUnwrap() },
      }),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy,
      compress: false, // what reflects input beside a csrf value must not be compressed with it (BREACH)
      functionAssociations: [
        { eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: viewerAddressFunction(this) },
      ],
    };
  }
}

/**
 * Errors that CloudFront keeps for ten seconds unless told otherwise, under any policy of caching and whatever an answer says:
 * one person's refusal, or one that a stranger provoked, would be everybody's answer at that address.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const keptErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** What links in mails and origins follow: the operator's parameter, else the portal's own address. */
export function portalUrl(scope: Construct, parameters: OperatorParameters, own: string): string {
  const given = new CfnCondition(scope, 'PortalUrlGiven', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameters.text('PortalUrl'), '')),
  });
  return Fn.conditionIf(given.logicalId, parameters.text('PortalUrl'), own).toString();
}

const publicBuild = 'Holds the built pages, which are for everybody and can be built again.';
const bucketFindings = {
  'AwsSolutions-S1': `${publicBuild} CloudFront alone reads it.`,
  'cdk-validator-cfnguard::s3_bucket_logging_enabled_check': `${publicBuild} CloudFront alone reads it.`,
  'cdk-validator-cfnguard::s3_bucket_default_encryption_kms_check': `${publicBuild} A key of ours would have to name the distribution, which names the bucket.`,
  'cdk-validator-cfnguard::s3_bucket_versioning_enabled_check': publicBuild,
  'cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check': publicBuild,
  'cdk-validator-cfnguard::s3_event_notifications_enabled_check': 'Nothing acts on a file of the portal.',
  'cdk-validator-cfnguard::s3_lifecycle_policy_check':
    'Former files stay for tabs that are still open; a lifecycle rule could not tell them from those in use, which are as old as the last change.',
};
const noPageLog =
  'A log of who looked at which page would be personal data without a use: every call of the API is in its access log, every act of a person in the audit.';
const ownCertificate =
  "Without a domain of the installation it is CloudFront's own certificate, for which CloudFront chooses versions; with one it is SNI and TLS 1.2 or later.";
const ownCertificateFindings = {
  'AwsSolutions-CFR4': ownCertificate,
  'cdk-validator-cfnguard::cloudfront_custom_ssl_certificate_check': ownCertificate,
  'cdk-validator-cfnguard::cloudfront_sni_enabled_check': ownCertificate,
  'cdk-validator-cfnguard::cloudfront_security_policy_check': ownCertificate,
};
const distributionFindings = {
  'AwsSolutions-CFR1': 'People sign in from wherever they are.',
  'AwsSolutions-CFR2':
    'The web ACL is at the API, which can be reached past the distribution as well; the rest are files for everybody.',
  'AwsSolutions-CFR3': noPageLog,
  'cdk-validator-cfnguard::cloudfront_access_logs_enabled_check': noPageLog,
  'cdk-validator-cfnguard::cloudfront_origin_failover_enabled_check':
    'There is one Identity API and one pool, in one Region: a second copy of the pages would lead to nothing.',
};
