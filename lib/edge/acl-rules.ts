import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { StageConfig } from '../config/types.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { managedGroups } from './managed-groups.ts';
import {
  allOf,
  anyOf,
  everyRequest,
  headerIs,
  insertHeaders,
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
}

interface LimitedParts {
  readonly signIn: Statement;
  readonly registration: Statement;
  readonly recovery: Statement;
}

/** Cheap rate rules come before the managed groups, which look into every part of a request. */
const rateLimits = ({ mode, parameters }: AclOptions, parts: LimitedParts): Rule[] => [
  rateLimit('rate-sign-in', 10, { mode, limit: parameters.number('WafSignInLimit'), scope: parts.signIn }),
  rateLimit('rate-registration', 11, {
    mode,
    limit: parameters.number('WafRegistrationLimit'),
    scope: parts.registration,
  }),
  rateLimit('rate-recovery', 12, {
    mode,
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
  ...rateLimits(options, {
    signIn: anyOf([pathContains('/v1/sessions'), pathContains('/v1/contexts')]),
    registration: pathContains('/v1/registrations'),
    recovery: anyOf([pathContains('/v1/password-resets'), pathContains('/v1/recoveries')]),
  }),
  ...managedGroups(options),
  // Reached by listed addresses and bots while the groups only count.
  insertHeaders('reputation-context', 60, labelled('awswaf:managed:aws:amazon-ip-list:'), {
    'vestibule-reputation': 'listed',
  }),
  insertHeaders('bot-context', 61, labelled('awswaf:managed:aws:bot-control:'), {
    'vestibule-bot': 'suspected',
  }),
];

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
