import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { type Engine, timestamp } from '../engine.ts';
import { notImplementedLocally } from '../errors.ts';
import { csvHeader, runImportJob } from '../imports/csv.ts';
import type { ImportJob } from '../imports/jobs.ts';
import { uploadUrl } from '../imports/upload.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { integer, oneOf, poolId, text } from '../schema.ts';

const jobId = text(1, 55, /^import-[0-9a-zA-Z-]+$/);
const which = { UserPoolId: poolId, JobId: jobId };
const precondition = (message: string) => new AwsError('PreconditionNotMetException', message);

export const userImportOperations = [
  operation('GetCSVHeader', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId }),
    handle: (engine, input) => ({
      UserPoolId: input.UserPoolId,
      CSVHeader: csvHeader(engine.pools.get(input.UserPoolId)),
    }),
  }),
  operation('CreateUserImportJob', {
    access: 'iam',
    missing: 'password hashes, the log in CloudWatch, expiry of jobs that are not started',
    input: v.object({
      UserPoolId: poolId,
      JobName: text(1, 128, /^[\w\s+=,.@-]+$/),
      CloudWatchLogsRoleArn: text(20, 2048),
      PasswordHashingAlgorithm: v.optional(oneOf('BCRYPT', 'SCRYPT', 'ARGON2ID', 'PBKDF2_SHA256')),
    }),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      if (input.PasswordHashingAlgorithm) throw notImplementedLocally('A user import with password hashes');
      const job = await engine.imports.put({
        id: `import-${randomBytes(5).toString('hex')}`,
        name: input.JobName,
        poolId: input.UserPoolId,
        logsRoleArn: input.CloudWatchLogsRoleArn,
        status: 'Created',
        createdAt: engine.cloud.clock.now(),
        imported: 0,
        skipped: 0,
        failed: 0,
      });
      return { UserImportJob: describe(engine, job) };
    },
  }),
  operation('DescribeUserImportJob', {
    access: 'iam',
    input: v.object(which),
    handle: (engine, input) => ({
      UserImportJob: describe(engine, engine.imports.get(input.UserPoolId, input.JobId)),
    }),
  }),
  operation('ListUserImportJobs', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      MaxResults: integer(1, 60),
      PaginationToken: v.optional(text(1, 131_072)),
    }),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const jobs = engine.imports.list(input.UserPoolId);
      const { items, next } = pageOf(jobs, input.MaxResults, input.PaginationToken);
      return {
        UserImportJobs: items.map((job) => describe(engine, job)),
        ...(next ? { PaginationToken: next } : {}),
      };
    },
  }),
  operation('StartUserImportJob', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      const job = engine.imports.get(input.UserPoolId, input.JobId);
      if (job.status !== 'Created') throw precondition(`The job cannot be started: it is ${job.status}.`);
      if (job.csv === undefined) throw precondition('The CSV file has not been uploaded.');
      const started = await engine.imports.put({
        ...job,
        status: 'Pending',
        startedAt: engine.cloud.clock.now(),
      });
      void runImportJob(engine, engine.imports, started).catch((error: unknown) =>
        engine.cloud.log.error('user import failed', { job: job.id, error: String(error) }),
      );
      return { UserImportJob: describe(engine, started) };
    },
  }),
  operation('StopUserImportJob', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      const job = engine.imports.get(input.UserPoolId, input.JobId);
      const isRunning = job.status === 'Pending' || job.status === 'InProgress';
      if (!isRunning) throw precondition(`The job cannot be stopped: it is ${job.status}.`);
      return { UserImportJob: describe(engine, await engine.imports.put({ ...job, status: 'Stopping' })) };
    },
  }),
];

const describe = (engine: Engine, job: ImportJob) => ({
  JobName: job.name,
  JobId: job.id,
  UserPoolId: job.poolId,
  PreSignedUrl: uploadUrl(engine, job.id),
  CreationDate: timestamp(job.createdAt),
  ...(job.startedAt === undefined ? {} : { StartDate: timestamp(job.startedAt) }),
  ...(job.completedAt === undefined ? {} : { CompletionDate: timestamp(job.completedAt) }),
  Status: job.status,
  CloudWatchLogsRoleArn: job.logsRoleArn,
  ImportedUsers: job.imported,
  SkippedUsers: job.skipped,
  FailedUsers: job.failed,
  ...(job.message ? { CompletionMessage: job.message } : {}),
});
