import type { HttpRequest, HttpResponse } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import type { ImportJobs } from './jobs.ts';

export const uploadPath = '/_cognito-import/';
/** Minutes a pre-signed URL can be used, as AWS's. */
const lifetimeMinutes = 15;
/** 100 MB in AWS; here the file is kept in memory. */
const maxBytes = 20_000_000;

const signatureOf = (engine: Engine, jobId: string, expires: string): string =>
  engine.secrets.derive('import-upload', jobId, expires).toString('hex');

export function uploadUrl(engine: Engine, jobId: string): string {
  const expires = String(engine.cloud.clock.now() + lifetimeMinutes * 60_000);
  return `${engine.cloud.url}${uploadPath}${jobId}?expires=${expires}&signature=${signatureOf(engine, jobId, expires)}`;
}

/** PUT of the file at the pre-signed URL. AWS wants `x-amz-server-side-encryption: aws:kms`; without it S3 refuses. */
export const receiveUpload =
  (engine: Engine, jobs: ImportJobs) =>
  async (request: HttpRequest): Promise<HttpResponse> => {
    const id = request.path.slice(uploadPath.length).split('?')[0] ?? '';
    const expires = request.query.get('expires') ?? '';
    const isSigned = request.query.get('signature') === signatureOf(engine, id, expires);
    const job = jobs.find(id);
    if (request.method !== 'PUT' || !isSigned || Number(expires) < engine.cloud.clock.now() || !job) {
      return { status: 403, body: 'AccessDenied' };
    }
    if (request.headers['x-amz-server-side-encryption'] !== 'aws:kms')
      return { status: 403, body: 'AccessDenied' };
    if (request.body.length > maxBytes) return { status: 400, body: 'EntityTooLarge' };
    if (job.status !== 'Created') return { status: 403, body: 'AccessDenied' };
    await jobs.put({ ...job, csv: request.body.toString('utf8') });
    return { status: 200 };
  };
