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
  private readonly models = new Map<string, apigateway.IModel>();

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
    // The shape is the same for every route: one model, since a template may have 500 resources at the most.
    const isShape = this.props.validation === 'shape';
    const id = isShape ? 'JsonObject' : modelId(route);
    const model = this.models.get(id) ?? this.create(id, isShape ? 'Any body' : `Body of ${route.id}`, route);
    this.models.set(id, model);
    return { 'application/json': model };
  }

  private create(id: string, description: string, route: Route): apigateway.IModel {
    const schema = bodySchema(route, this.props.validation);
    const model = new apigateway.CfnModel(this, id, {
      restApiId: this.props.api.restApiId,
      contentType: 'application/json',
      description,
      schema,
    });
    // A stage goes on with the models it was deployed with: another schema needs another deployment.
    this.props.api.latestDeployment?.addToLogicalId({ [id]: schema });
    return apigateway.Model.fromModelName(this, `${id}Name`, model.ref);
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
  const $schema = 'http://json-schema.org/draft-04/schema#';
  if (!route.body || validation === 'shape') return { $schema, title: 'JsonObject', type: 'object' };
  // A body is what the client writes, before the schema transforms it.
  const schema = toJsonSchema(route.body, { typeMode: 'input', errorMode: 'throw' });
  return { $schema, title: modelId(route), ...toDraft04(schema as Readonly<Record<string, unknown>>) };
}
