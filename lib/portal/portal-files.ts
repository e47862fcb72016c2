import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CfnElement, CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from '../rules/acknowledge.ts';
import type { PortalConfiguration } from './portal-configuration.ts';

/** Where `npm run build` puts the pages; the same place in this project and in the published package. */
export const builtPages = join(
  dirname(createRequire(import.meta.url).resolve('vestibule/package.json')),
  'dist',
  'portal',
);

export interface PortalFilesProps {
  readonly bucket: s3.Bucket;
  readonly configuration: PortalConfiguration;
  /** Folder with the built pages. */
  readonly pages: string;
  readonly logGroup: logs.ILogGroup;
}

/**
 * Puts the built pages into the bucket, in two steps: first the files with a hash in their name, for good, then the
 * document that names them. Former ones stay for tabs that are still open.
 *
 * By CDK's own function for it (AWS CLI in Python), the one custom resource of the stack: it is what everybody deploys
 * pages with, and one of ours could not be tried against S3 here.
 */
export class PortalFiles extends Construct {
  constructor(scope: Construct, id: string, props: PortalFilesProps) {
    super(scope, id);
    const { bucket, pages } = props;
    if (!existsSync(join(pages, 'index.html'))) {
      throw new Error(`The pages of the portal are missing in ${pages}: run "npm run build" first`);
    }
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Vestibule: deploys the files of the portal',
    });
    const common = {
      destinationBucket: bucket,
      role: role.withoutPolicyUpdates(), // CDK would grant every object of the bootstrap bucket, and actions by wildcard
      logGroup: props.logGroup,
      prune: false,
      memoryLimit: 256,
    };
    const assets = new Asset(this, 'AssetsArchive', { path: join(pages, 'assets') });
    const first = new deployment.BucketDeployment(this, 'Assets', {
      ...common,
      sources: [deployment.Source.bucket(assets.bucket, assets.s3ObjectKey)],
      destinationKeyPrefix: 'portal/assets',
      cacheControl: [deployment.CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const documents = withDocuments(
      props,
      (path) => new Asset(this, 'DocumentsArchive', { path }), // copied into the assembly at once
    );
    const second = new deployment.BucketDeployment(this, 'Documents', {
      ...common,
      sources: [deployment.Source.bucket(documents.bucket, documents.s3ObjectKey)],
      destinationKeyPrefix: 'portal',
      cacheControl: [deployment.CacheControl.fromString('no-cache')],
    });
    second.node.addDependency(first);
    // Of the function, which is one for the stack and so may have the role of another installation.
    const policy = this.grantDeployment(first.handlerRole, props, [assets, documents]);
    for (const [step, archive] of [
      [first, assets],
      [second, documents],
    ] as const) {
      step.node.addDependency(policy);
      archive.addResourceMetadata(resourceOf(step), 'SourceObjectKeys');
    }
    acknowledgeHandler(this);
  }

  /** What the AWS CLI calls to copy an archive and to write files, and the function's own log. */
  private grantDeployment(
    handlerRole: iam.IRole,
    { bucket, logGroup }: PortalFilesProps,
    archives: readonly Asset[],
  ): iam.Policy {
    const allow = (actions: string[], ...resources: string[]) =>
      new iam.PolicyStatement({ actions, resources });
    const policy = new iam.Policy(this, 'Deploy', {
      roles: [handlerRole],
      statements: [
        allow(['s3:GetObject'], ...archives.map((each) => each.bucket.arnForObjects(each.s3ObjectKey))),
        allow(['s3:ListBucket'], bucket.bucketArn),
        allow(['s3:PutObject', 's3:AbortMultipartUpload'], bucket.arnForObjects('portal/*')),
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      ],
    });
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
    acknowledge(policy, {
      [`AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/portal/*]`]: 'Names of files change with every build.',
    });
    return policy;
  }
}

const deploymentType = 'Custom::CDKBucketDeployment';

function resourceOf(step: deployment.BucketDeployment): CfnResource {
  const found = step.node
    .findAll()
    .find(
      (child): child is CfnResource =>
        CfnResource.isCfnResource(child) && child.cfnResourceType === deploymentType,
    );
  if (!found) throw new Error(`${step.node.path}: has no resource ${deploymentType}`);
  return found;
}

/** One for all deployments of files in a stack, which may be an app's. */
function acknowledgeHandler(scope: Construct): void {
  const handler = Stack.of(scope).node.children.find(({ node }) => node.id.startsWith(deploymentType));
  if (!handler) return;
  acknowledge(handler, {
    'AwsSolutions-L1': "The runtime is CDK's choice for its own code.",
    'cdk-validator-cfnguard::lambda_inside_vpc_check':
      'Runs while the stack is deployed and calls S3 and nothing else, by its role.',
  });
}

/** Everything but the assets, with `configuration.json` beside it. */
function withDocuments<T>({ pages, configuration }: PortalFilesProps, use: (folder: string) => T): T {
  const staged = mkdtempSync(join(tmpdir(), 'vestibule-portal-'));
  try {
    cpSync(pages, staged, { recursive: true, filter: (source) => source !== join(pages, 'assets') });
    writeFileSync(join(staged, 'configuration.json'), `${JSON.stringify(configuration)}\n`);
    return use(staged);
  } finally {
    rmSync(staged, { recursive: true });
  }
}
