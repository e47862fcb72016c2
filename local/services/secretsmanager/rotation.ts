import { randomUUID } from 'node:crypto';
import { AwsError, type Cloud } from '../../platform.ts';
import type { Secret, Secrets } from './secrets.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Opens the version that the rotation will fill, or finds the one that an earlier rotation left unfinished. */
export async function openRotation(secrets: Secrets, secret: Secret, token?: string): Promise<string> {
  if (!secret.rotation) {
    throw new AwsError('InvalidRequestException', "You can't rotate a secret without a rotation function.");
  }
  const pending = Object.entries(secret.versions).find(([, { stages }]) => stages.includes('AWSPENDING'));
  if (pending && !pending[1].stages.includes('AWSCURRENT')) return pending[0];
  const id = token ?? randomUUID();
  await secrets.put(secret, { id, stages: ['AWSPENDING'] });
  return id;
}

/**
 * The function's four steps in order, each with the same token. A step that fails ends the rotation and leaves
 * AWSPENDING where it is, so that the next one goes on with it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export async function runRotation(cloud: Cloud, secrets: Secrets, name: string, id: string): Promise<void> {
  const { arn, rotation } = secrets.find(name);
  for (const Step of steps) {
    const event = { Step, SecretId: arn, ClientRequestToken: id, RotationToken: randomUUID() };
    const options = { principal: 'secretsmanager.amazonaws.com', sourceArn: arn };
    const outcome = await cloud.functions.invoke(rotation?.functionArn ?? '', event, options);
    if (!outcome.ok) throw new Error(`${name}: rotation step ${Step} failed: ${outcome.message}`);
  }
  const after = await secrets.moveStage(secrets.find(name), 'AWSPENDING', undefined, id);
  await secrets.keep({ ...after, rotatedAt: cloud.clock.now() });
}

/** Secrets whose rotation is due by the cloud's clock. */
export const due = (secrets: Secrets, now: number): readonly Secret[] =>
  secrets
    .all()
    .filter(
      ({ rotation, rotatedAt, createdAt }) => rotation && now >= (rotatedAt ?? createdAt) + rotation.everyMs,
    );

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** `AutomaticallyAfterDays`, or a `rate(…)` expression. @returns `undefined` for a cron expression */
export function rotationIntervalMs(
  days: number | undefined,
  expression: string | undefined,
): number | undefined {
  if (days !== undefined) return days * dayMs;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(expression ?? '') ?? [];
  return count && unit ? Number(count) * (unit === 'hour' ? hourMs : dayMs) : undefined;
}
