import { toJsonSchema } from '@valibot/to-json-schema';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { Route } from '../../lambdas/api/types.ts';
import { toDraft04 } from './draft04.ts';

/**
 * `shape`: the gateway refuses what is no JSON object, and the function names every wrong field in its answer.
 * `full`: the gateway refuses every body that does not fit its route's schema; saves the call, but a gateway answer
 * cannot name a field.
 */
export type RequestValidation = 'shape' | 'full';

export interface RequestModelsProps {
  readonly api: apigateway.RestApi;
  readonly validation: RequestValidation;
}

/** The body models of the routes, made from the schemas that the functions use too. */
export class RequestModels extends Construct {
  readonly validator: apigateway.RequestValidator;
  private readonly props: RequestModelsProps;

  constructor(scope: Construct, id: string, props: RequestModelsProps) {
    super(scope, id);
    this.props = props;
    this.validator = new apigateway.RequestValidator(this, 'Validator', {
      restApi: props.api,
      validateRequestBody: true,
      validateRequestParameters: true,
    });
  }

  /**
   * Keyed by content type. Only JSON has a model, because only JSON may pass: the function refuses every other type
   * with its own code, which a model under `$default` would hide behind "invalid body".
   */
  forRoute(route: Route): Record<string, apigateway.IModel> | undefined {
    if (!route.body) return undefined;
    const schema = bodySchema(route, this.props.validation);
    const model = new apigateway.CfnModel(this, modelId(route), {
      restApiId: this.props.api.restApiId,
      contentType: 'application/json',
      description: `Body of ${route.id}`,
      schema,
    });
    // A stage goes on with the models it was deployed with: another schema needs another deployment.
    this.props.api.latestDeployment?.addToLogicalId({ [modelId(route)]: schema });
    return { 'application/json': apigateway.Model.fromModelName(this, `${modelId(route)}Name`, model.ref) };
  }
}

/** `POST /v1/password-resets/confirm` → `PostPasswordResetsConfirm` */
export const modelId = (route: Route): string =>
  `${route.method} ${route.path.replace('/v1', '')}`
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Draft-04 model of a route's body; `title` as API Gateway wants one. */
export function bodySchema(route: Route, validation: RequestValidation): Readonly<Record<string, unknown>> {
  const head = { $schema: 'http://json-schema.org/draft-04/schema#', title: modelId(route) };
  if (!route.body || validation === 'shape') return { ...head, type: 'object' };
  // A body is what the client writes, before the schema transforms it.
  const schema = toJsonSchema(route.body, { typeMode: 'input', errorMode: 'throw' });
  return { ...head, ...toDraft04(schema as Readonly<Record<string, unknown>>) };
}
