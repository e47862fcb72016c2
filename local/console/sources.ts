import type { ApiGatewayService } from '../apigateway/index.ts';
import type { LambdaService } from '../functions/index.ts';
import type { IamService } from '../iam/index.ts';
import type { AwsRequest, Cloud, Service } from '../platform.ts';
import type { DynamoService } from '../services/dynamodb/index.ts';
import type { SesService } from '../services/ses/index.ts';
import type { WafService } from '../waf/index.ts';

/** The services that the console looks into; a cloud made for a test may lack any of them. */
export interface Sources {
  readonly lambda: LambdaService | undefined;
  readonly iam: IamService | undefined;
  readonly waf: WafService | undefined;
  readonly apigateway: ApiGatewayService | undefined;
  readonly dynamodb: DynamoService | undefined;
  readonly ses: SesService | undefined;
}

export const findSources = (cloud: Cloud): Sources => ({
  lambda: find(cloud, 'lambda'),
  iam: find(cloud, 'iam'),
  waf: find(cloud, 'waf'),
  apigateway: find(cloud, 'apigateway'),
  dynamodb: find(cloud, 'dynamodb'),
  ses: find(cloud, 'ses'),
});

function find<T extends Service>(cloud: Cloud, name: string): T | undefined {
  try {
    return cloud.service<T>(name);
  } catch {
    return undefined; // a cloud throws for what it does not have; the console leaves that part empty
  }
}

/** Calls a service's AWS API as the operator. @throws Error with the answer when it is not 200 */
export async function callApi<T>(service: Service, operation: string, input: unknown): Promise<T> {
  if (service.api === undefined) throw new Error(`${service.name} has no API`);
  const request: AwsRequest = {
    service: service.name,
    operation,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(input)),
    caller: { kind: 'operator' },
    sourceIp: '127.0.0.1',
  };
  const { status, body } = await service.api.handle(request);
  if (status !== 200) throw new Error(`${service.name} ${operation} answered ${status}: ${String(body)}`);
  return JSON.parse(String(body)) as T;
}
