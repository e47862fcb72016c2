import {
  type ExpiryPolicy,
  type ExpiryPorts,
  type ExpiryReport,
  expireUnconfirmed,
} from '../core/registration/expire.ts';

/**
 * One run, and one line about it that names nobody.
 * @throws Error when something could not be done, so that the function counts as failed and its alarm is raised;
 *   everything else of the run is done by then
 */
export async function housekeeping(
  ports: ExpiryPorts,
  policy: ExpiryPolicy,
  log: (report: ExpiryReport & { readonly event: 'unconfirmed-expired' }) => void,
): Promise<ExpiryReport> {
  const report = await expireUnconfirmed(ports, policy);
  log({ event: 'unconfirmed-expired', ...report });
  if (report.failed > 0) throw new Error(`${report.failed} unconfirmed accounts could not be removed`);
  return report;
}
