import { AwsError, type Collection, type Store } from '../../platform.ts';

export type ImportStatus =
  | 'Created'
  | 'Pending'
  | 'InProgress'
  | 'Stopping'
  | 'Stopped'
  | 'Succeeded'
  | 'Failed';

/** A user import job; the uploaded file is dropped when it ends. Times are epoch milliseconds. */
export interface ImportJob {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly logsRoleArn: string;
  readonly status: ImportStatus;
  readonly csv?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly message?: string;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
}

export class ImportJobs {
  private readonly stored: Collection<ImportJob>;

  constructor(store: Store) {
    this.stored = store.collection('cognito-import-jobs');
  }

  find(id: string): ImportJob | undefined {
    return this.stored.get(id);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(poolId: string, id: string): ImportJob {
    const job = this.stored.get(id);
    if (job?.poolId !== poolId) {
      throw new AwsError('ResourceNotFoundException', `User import job ${id} does not exist.`);
    }
    return job;
  }

  /** Newest first. */
  list(poolId: string): ImportJob[] {
    return Array.from(this.stored.entries(), ([, job]) => job)
      .filter((job) => job.poolId === poolId)
      .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
  }

  async put(job: ImportJob): Promise<ImportJob> {
    await this.stored.set(job.id, job);
    return job;
  }
}
