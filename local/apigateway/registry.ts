import { createHash } from 'node:crypto';
import type { ResourceRequest } from '../platform.ts';
import { type RestApi, type Stage, UnsupportedApi } from './model.ts';

/** REST APIs of the template. Rebuilt at every start. */
export class ApiRegistry {
  private readonly apis = new Map<string, RestApi>();

  add(api: RestApi): void {
    this.apis.set(api.id, api);
  }

  /** @throws UnsupportedApi naming the resource whose `RestApiId` is unknown */
  of({ logicalId, properties }: ResourceRequest): RestApi {
    const api = this.apis.get(String(properties.RestApiId));
    if (api === undefined)
      throw new UnsupportedApi(logicalId, `no API has the id ${String(properties.RestApiId)}`);
    return api;
  }

  all(): readonly RestApi[] {
    return [...this.apis.values()];
  }

  /** The one stage that `/api/` serves; `undefined` for a template without an API. */
  deployed(): { readonly api: RestApi; readonly stage: Stage } | undefined {
    const [found] = this.all().flatMap((api) => [...api.stages.values()].map((stage) => ({ api, stage })));
    return found;
  }
}

/** The same at every start, in the form of API Gateway's ids. */
export function stableId({ logicalId, suffix }: ResourceRequest, length = 10): string {
  const digest = createHash('sha256').update(`${logicalId}/${suffix}`).digest();
  return BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, length);
}
