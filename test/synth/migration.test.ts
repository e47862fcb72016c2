import { describe, expect, it } from 'vitest';
import sample from '../../vestibule.config.ts';
import { ofType, synthesize } from '../support/synth.ts';

const off = synthesize();
const on = synthesize({ config: { ...sample, migration: { enabled: true } } });
const asking = synthesize({
  config: {
    ...sample,
    migration: {
      enabled: true,
      legacyEndpoint: { url: 'https://old.example/identity', secretName: 'legacy-signing' },
    },
  },
});

const actionsOn = (template: typeof on, table: RegExp) =>
  ofType(template, 'AWS::IAM::Policy').flatMap(([id, { Properties }]) =>
    (
      (Properties.PolicyDocument as { Statement: unknown }).Statement as {
        Action: string | string[];
        Resource: unknown;
      }[]
    )
      .filter(({ Resource }) => table.test(JSON.stringify(Resource)))
      .flatMap(({ Action }) => [Action].flat().map((action) => `${id.replace(/Role.*/, '')} ${action}`)),
  );

describe('an installation that expects nobody', () => {
  it('has no table, trigger, client or environment of the migration', () => {
    const text = JSON.stringify(off.toJSON());
    expect(text).not.toMatch(
      /IdentityTablesMigration|MIGRATION_TABLE|"UserMigration"|MigrationClient|ADMIN_USER_PASSWORD/,
    );
  });
});

describe('an installation that expects people of another system', () => {
  it('keeps them in a table with the data key, a lifetime and no backups', () => {
    const [[, { Properties }] = ['', { Properties: undefined }]] = ofType(on, 'AWS::DynamoDB::Table').filter(
      ([id]) => id.startsWith('IdentityTablesMigration'),
    );
    expect(Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    });
  });

  it('has one client that takes passwords in clear: confidential, for the API alone, without OAuth', () => {
    const clients = ofType(on, 'AWS::Cognito::UserPoolClient').filter(([, { Properties }]) =>
      JSON.stringify(Properties.ExplicitAuthFlows).includes('PASSWORD'),
    );
    expect(clients).toHaveLength(1);
    expect(clients[0]?.[1].Properties).toMatchObject({
      ExplicitAuthFlows: expect.arrayContaining(['ALLOW_ADMIN_USER_PASSWORD_AUTH']),
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: false,
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  it('gives each function exactly what it does', () => {
    expect(actionsOn(on, /IdentityTablesMigration/).sort()).toEqual([
      'IdentityApiFunctionsAuthApi dynamodb:GetItem',
      'IdentityTriggersRegistration dynamodb:GetItem',
      'IdentityTriggersRegistration dynamodb:UpdateItem',
      'IdentityTriggersSignIn dynamodb:GetItem',
      'IdentityTriggersSignIn dynamodb:UpdateItem',
    ]);
    expect(actionsOn(asking, /IdentityTablesMigration/)).toContain(
      'IdentityTriggersRegistration dynamodb:PutItem',
    );
  });

  it('checks hashes on a whole vCPU', () =>
    on.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1769,
      Environment: { Variables: { VESTIBULE_FUNCTION: 'registration' } },
    }));
});
