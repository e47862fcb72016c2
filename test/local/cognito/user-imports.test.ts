import {
  AdminGetUserCommand,
  CreateUserImportJobCommand,
  DescribeUserImportJobCommand,
  GetCSVHeaderCommand,
  ListUserImportJobsCommand,
  StartUserImportJobCommand,
  StopUserImportJobCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPool, errorOf, type TestPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;
const CloudWatchLogsRoleArn = 'arn:aws:iam::111122223333:role/import-logs';

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
});
afterAll(() => cognito.close());

const create = (extra: object = {}) =>
  cognito.client.send(
    new CreateUserImportJobCommand({
      UserPoolId: pool.poolId,
      JobName: 'from the shop',
      CloudWatchLogsRoleArn,
      ...extra,
    }),
  );

const upload = (url: string | undefined, body: string) =>
  fetch(url ?? '', { method: 'PUT', body, headers: { 'x-amz-server-side-encryption': 'aws:kms' } });

const describeJob = async (JobId: string | undefined) => {
  const command = new DescribeUserImportJobCommand({ UserPoolId: pool.poolId, JobId });
  return (await cognito.client.send(command)).UserImportJob;
};

async function fileOf(rows: readonly Record<string, string>[]): Promise<string> {
  const { CSVHeader = [] } = await cognito.client.send(new GetCSVHeaderCommand({ UserPoolId: pool.poolId }));
  return [CSVHeader, ...rows.map((row) => CSVHeader.map((name) => row[name] ?? ''))]
    .map((cells) => cells.join(','))
    .join('\n');
}

const row = (email: string, verified = 'TRUE') => ({
  'cognito:username': email,
  'cognito:mfa_enabled': 'FALSE',
  email,
  email_verified: verified,
  phone_number_verified: 'FALSE',
});

describe('a user import job', () => {
  it('takes the uploaded file line by line: people come in without a password', async () => {
    const { UserImportJob: job } = await create();
    expect(job).toMatchObject({ Status: 'Created', ImportedUsers: 0 });
    const file = await fileOf([
      row('one@import.example'),
      row('two@import.example', 'FALSE'),
      row('one@import.example'),
    ]);
    expect((await upload(job?.PreSignedUrl, file)).status).toBe(200);
    await cognito.client.send(new StartUserImportJobCommand({ UserPoolId: pool.poolId, JobId: job?.JobId }));
    await expect.poll(async () => (await describeJob(job?.JobId))?.Status).toBe('Succeeded');
    expect(await describeJob(job?.JobId)).toMatchObject({
      ImportedUsers: 1,
      FailedUsers: 1,
      SkippedUsers: 1,
    });
    const user = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: 'one@import.example' }),
    );
    expect(user.UserStatus).toBe('RESET_REQUIRED');
    const { UserImportJobs = [] } = await cognito.client.send(
      new ListUserImportJobsCommand({ UserPoolId: pool.poolId, MaxResults: 10 }),
    );
    expect(UserImportJobs.map(({ JobId }) => JobId)).toContain(job?.JobId);
  });

  it('fails on a file with other columns, and says which', async () => {
    const { UserImportJob: job } = await create();
    await upload(job?.PreSignedUrl, 'cognito:username,shoe_size\na,42');
    await cognito.client.send(new StartUserImportJobCommand({ UserPoolId: pool.poolId, JobId: job?.JobId }));
    await expect.poll(async () => (await describeJob(job?.JobId))?.Status).toBe('Failed');
    expect((await describeJob(job?.JobId))?.CompletionMessage).toMatch(/shoe_size/);
  });

  it('takes files only at its signed address, and starts and stops in order only', async () => {
    const { UserImportJob: job } = await create();
    const forged = (job?.PreSignedUrl ?? '').replace(/signature=..../, 'signature=0000');
    expect((await upload(forged, 'x')).status).toBe(403);
    const which = { UserPoolId: pool.poolId, JobId: job?.JobId };
    for (const command of [new StartUserImportJobCommand(which), new StopUserImportJobCommand(which)]) {
      expect((await errorOf(cognito.client.send(command as StartUserImportJobCommand))).name).toBe(
        'PreconditionNotMetException',
      );
    }
    const unknown = new DescribeUserImportJobCommand({ UserPoolId: pool.poolId, JobId: 'import-0000000000' });
    expect((await errorOf(cognito.client.send(unknown))).name).toBe('ResourceNotFoundException');
  });

  it('says that it cannot take password hashes', async () => {
    const error = await errorOf(create({ PasswordHashingAlgorithm: 'BCRYPT' }));
    expect(error.name).toBe('NotImplementedLocallyException');
  });
});
