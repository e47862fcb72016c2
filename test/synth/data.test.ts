import { describe, expect, it } from 'vitest';
import { tables } from '../../lambdas/tables.ts';
import { ofType, resourcesOf, synthesize } from '../support/synth.ts';

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });

/** A changed id replaces the resource and leaves its data behind: renaming one is a breaking change. */
const dataBearing = {
  IdentityDirectoryUserPool4E2408E7: 'AWS::Cognito::UserPool',
  IdentityDirectoryUserPoolWeb7A09F808: 'AWS::Cognito::UserPoolClient',
  IdentityDirectoryUserPoolServer0DC23811: 'AWS::Cognito::UserPoolClient',
  IdentityTablesProfiles67390101: 'AWS::DynamoDB::Table',
  IdentityTablesConsentsC5B249B7: 'AWS::DynamoDB::Table',
  IdentityTablesRisk89AD581E: 'AWS::DynamoDB::Table',
  IdentityTablesAuditC99A1A6D: 'AWS::DynamoDB::Table',
  IdentityTablesStatistics56A45D04: 'AWS::DynamoDB::Table',
  IdentityKeysDataC67DDBE2: 'AWS::KMS::Key',
  IdentityKeysArchive9A20495D: 'AWS::KMS::Key',
  IdentityKeysOperationsA7FEF6B1: 'AWS::KMS::Key',
  IdentityAuditCheckpointKey67C8A915: 'AWS::KMS::Key',
  IdentitySecretsSigningD146160A: 'AWS::SecretsManager::Secret',
  IdentitySecretsPseudonym0A24CA03: 'AWS::SecretsManager::Secret',
  IdentitySecretsSealingE6302193: 'AWS::SecretsManager::Secret',
  IdentityAuditArchiveBucket2C36BE79: 'AWS::S3::Bucket',
};

describe('what holds data', () => {
  it.each(Object.entries(dataBearing))('keeps its id %s (%s)', (id, type) => {
    expect(resourcesOf(dev)[id]?.Type).toBe(type);
    expect(resourcesOf(prod)[id]?.Type).toBe(type);
  });

  it('is never deleted in prod: not with the stack, and not by a replacement', () => {
    const kept = [
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
    ];
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of ofType(prod, ...kept)) {
      expect({ id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        id,
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('includes the logs, except those of a first deployment that failed: their names would be taken', () => {
    const groups = ofType(prod, 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(10);
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of groups) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
    }
  });

  it('is protected in prod against being deleted by hand', () => {
    prod.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    prod.allResourcesProperties('AWS::Cognito::UserPool', { DeletionProtection: 'ACTIVE' });
    prod.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 3);
  });

  it('goes with a disposable stage', () => {
    for (const [, { DeletionPolicy }] of ofType(dev, 'AWS::DynamoDB::Table', 'AWS::Cognito::UserPool')) {
      expect(DeletionPolicy).toBe('Delete');
    }
  });
});

describe('tables', () => {
  const byName = (name: string) => {
    const found = ofType(prod, 'AWS::DynamoDB::Table').find(([id]) => id.startsWith(`IdentityTables${name}`));
    if (!found) throw new Error(`no table ${name}`);
    return found[1].Properties;
  };

  it.each([
    ['Profiles', tables.profiles],
    ['Consents', tables.consents],
    ['Risk', tables.risk],
    ['Audit', tables.audit],
    ['Statistics', tables.statistics],
  ] as const)('%s has the keys and the lifetime that the functions use', (name, shape) => {
    expect(byName(name)).toMatchObject({
      KeySchema: [
        { AttributeName: shape.partitionKey, KeyType: 'HASH' },
        { AttributeName: shape.sortKey, KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const ttl = 'ttl' in shape ? { AttributeName: shape.ttl, Enabled: true } : undefined;
    expect(byName(name).TimeToLiveSpecification).toEqual(ttl);
  });

  it('are encrypted with the customer managed key', () => {
    const key = { 'Fn::GetAtt': ['IdentityKeysDataC67DDBE2', 'Arn'] };
    prod.allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
    });
  });

  it('can be restored to any moment, except Risk, whose old counters must not come back', () => {
    const recovery = (name: string) => byName(name).PointInTimeRecoverySpecification;
    for (const name of ['Profiles', 'Consents', 'Audit', 'Statistics'])
      expect(recovery(name)).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(recovery('Risk')).toEqual({ PointInTimeRecoveryEnabled: false });
  });

  it('stream what the forwarder compares: both images of Risk, the new one of Audit', () => {
    expect(byName('Risk').StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(byName('Audit').StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(byName('Profiles').StreamSpecification).toBeUndefined();
  });
});

describe('keys', () => {
  it('rotate every year and refuse grants that no AWS service asked for', () => {
    for (const [id, { Properties }] of ofType(prod, 'AWS::KMS::Key')) {
      if (!id.includes('Checkpoint')) expect(Properties.EnableKeyRotation).toBe(true);
      const statements = (Properties.KeyPolicy as { Statement: Record<string, unknown>[] }).Statement;
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Action: 'kms:CreateGrant' }),
      );
    }
  });

  it('sign checkpoints with P-256', () => {
    prod.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  });
});
