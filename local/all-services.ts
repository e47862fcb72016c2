import { apiGatewayService } from './apigateway/index.ts';
import { cognitoService } from './cognito/index.ts';
import { consoleService } from './console/index.ts';
import { iamService } from './iam/index.ts';
import type { ServiceFactory } from './platform.ts';
import { services } from './services/index.ts';
import { wafService } from './waf/index.ts';

/** In the order in which they start; they find each other by name once all are there. */
export const allServices: readonly ServiceFactory[] = [
  iamService,
  wafService,
  ...services,
  cognitoService,
  apiGatewayService,
  consoleService,
];
