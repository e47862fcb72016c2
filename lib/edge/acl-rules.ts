import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { edgeHeader, viewerAddressHeader } from '../../lambdas/api/viewer-address.ts';
import type { StageConfig } from '../config/types.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { managedGroups } from './managed-groups.ts';
import {
  allOf,
  anyOf,
  everyRequest,
  hasLabel,
  headerIs,
  insertHeaders,
  label,
  labelled,
  not,
  pathContains,
  type RuleMode,
  rateLimit,
} from './rules.ts';

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

export interface AclOptions {
  readonly mode: RuleMode;
  readonly parameters: OperatorParameters;
  readonly botControl: NonNullable<StageConfig['botControl']>;
  readonly serverClientId: string;
  /** Sent by the portal's distribution. @default - there is none */
  readonly edgeSecret?: string;
}

interface LimitedParts {
  readonly signIn: Statement;
  readonly registration: Statement;
  readonly recovery: Statement;
}

/** Cheap rate rules come before the managed groups, which look into every part of a request. */
const rateLimits = (
  { mode, parameters }: AclOptions,
  parts: LimitedParts,
  { suffix = '', first = 10, forwardedIn }: { suffix?: string; first?: number; forwardedIn?: string } = {},
): Rule[] => [
  rateLimit(`rate-sign-in${suffix}`, first, {
    mode,
    forwardedIn,
    limit: parameters.number('WafSignInLimit'),
    scope: parts.signIn,
  }),
  rateLimit(`rate-registration${suffix}`, first + 1, {
    mode,
    forwardedIn,
    limit: parameters.number('WafRegistrationLimit'),
    scope: parts.registration,
  }),
  rateLimit(`rate-recovery${suffix}`, first + 2, {
    mode,
    forwardedIn,
    limit: parameters.number('WafRecoveryLimit'),
    scope: parts.recovery,
  }),
];

/**
 * Headers that the API trusts: they say that WAF saw the request and what it thought of it. WAF puts `x-amzn-waf-` in
 * front of each name. The last rule that matches a request sets a header.
 */
const nothingFound = { 'vestibule-edge': 'seen', 'vestibule-reputation': 'none', 'vestibule-bot': 'none' };

export const apiRules = (options: AclOptions): Rule[] => [
  insertHeaders('request-context', 0, everyRequest, nothingFound),
  ...apiRateLimits(options),
  ...managedGroups(options),
  // Reached by listed addresses and bots while the groups only count.
  insertHeaders('reputation-context', 60, labelled('awswaf:managed:aws:amazon-ip-list:'), {
    'vestibule-reputation': 'listed',
  }),
  insertHeaders('bot-context', 61, labelled('awswaf:managed:aws:bot-control:'), {
    'vestibule-bot': 'suspected',
  }),
];

const apiParts: LimitedParts = {
  signIn: anyOf([pathContains('/v1/sessions'), pathContains('/v1/contexts')]),
  registration: pathContains('/v1/registrations'),
  recovery: anyOf([pathContains('/v1/password-resets'), pathContains('/v1/recoveries')]),
};
/** Of requests that came through the portal's distribution, which proves itself by its secret. */
const portalLabel = 'vestibule:portal';

/**
 * All viewers of the portal come from the same few addresses of CloudFront: they are counted by the address that the
 * distribution names, everybody else by their own. Who forges that header without the secret is counted by their own.
 */
function apiRateLimits(options: AclOptions): Rule[] {
  if (options.edgeSecret === undefined) return rateLimits(options, apiParts);
  const within = (scope: Statement): LimitedParts => ({
    signIn: allOf(scope, apiParts.signIn),
    registration: allOf(scope, apiParts.registration),
    recovery: allOf(scope, apiParts.recovery),
  });
  return [
    label('portal', 1, headerIs(edgeHeader, options.edgeSecret), [portalLabel]),
    ...rateLimits(options, within(not(hasLabel(portalLabel)))),
    ...rateLimits(options, within(hasLabel(portalLabel)), {
      suffix: '-portal',
      first: 13,
      forwardedIn: viewerAddressHeader,
    }),
  ];
}

/**
 * The pool's own door. No headers are inserted here: there is no way from a pool's request to its triggers. The Identity
 * API reaches the pool from a few addresses of Lambda for all people together, so its client is not counted; without
 * that client's secret Cognito refuses a request that claims to be from it.
 */
export const poolRules = (options: AclOptions): Rule[] => {
  const fromElsewhere = not(headerIs('x-amzn-cognito-client-id', options.serverClientId));
  const operations = (...names: string[]) =>
    names.map((name) => headerIs('x-amzn-cognito-operation-name', name));
  const limited = (...statements: Statement[]) => allOf(anyOf(statements), fromElsewhere);
  return [
    ...rateLimits(options, {
      signIn: limited(
        ...operations('InitiateAuth', 'RespondToAuthChallenge'),
        pathContains('/login'),
        pathContains('/oauth2/authorize'),
      ),
      registration: limited(
        ...operations('SignUp', 'ConfirmSignUp', 'ResendConfirmationCode'),
        pathContains('/signup'),
      ),
      recovery: limited(
        ...operations('ForgotPassword', 'ConfirmForgotPassword'),
        pathContains('/forgotpassword'),
      ),
    }),
    ...managedGroups({ ...options, botScope: fromElsewhere }),
  ];
};
