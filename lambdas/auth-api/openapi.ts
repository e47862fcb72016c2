import type { RouteHandler } from '../api/types.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';

/** Made at the first request: the schema converter is of no use to any other route. */
export const getOpenApi = ({
  brand,
}: Pick<ServiceConfiguration, 'brand'>): RouteHandler<'GET /v1/openapi.json'> => {
  let document: Readonly<Record<string, unknown>> | undefined;
  return async () => {
    const { openApiDocument } = await import('../api/openapi.ts');
    document ??= openApiDocument({
      title: brand.name,
      ...(brand.supportUrl && { supportUrl: brand.supportUrl }),
    });
    return { status: 200, body: document };
  };
};
