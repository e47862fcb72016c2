import type { Cloud } from '../platform.ts';

type Place = Pick<Cloud, 'region' | 'accountId'>;

export const arnOf = (cloud: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${cloud.region}:${cloud.accountId}:${resource}`;

/** Last part of `…:table/name`, `…:stream/name` or a bare name. */
export const nameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? (nameOrArn.split(/[:/]/).at(-1) ?? nameOrArn) : nameOrArn;

/** `kms:ViaService`: the call reaches the key through another service, which policies may ask for. */
export const viaService = (cloud: Place, service: string): Readonly<Record<string, string>> => ({
  'kms:ViaService': `${service}.${cloud.region}.amazonaws.com`,
  'kms:CallerAccount': cloud.accountId,
});

/** A stable name for a resource whose template leaves it open, as CloudFormation makes one. */
export const physicalName = (logicalId: string, suffix: string, limit = 80): string =>
  `${logicalId.slice(0, limit - suffix.length - 1)}-${suffix}`;
