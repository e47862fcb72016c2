import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { routeList } from '../../lambdas/api/routes.ts';
import { resourceServer, type UserScope } from '../../lambdas/api/types.ts';

export interface AccessModelProps {
  readonly pool: cognito.UserPool;
  /** In rising order. */
  readonly tiers: readonly string[];
}

const scopeTexts: Record<UserScope, string> = {
  'profile.read': 'Read the own profile and the questions about it',
  'profile.write': 'Change the own profile and answer questions',
  'consents.read': 'Read the own consents and their history',
  'consents.write': 'Give and withdraw consents',
  'activity.read': 'Read the own recent activity',
  'security.read': 'See the own factors and linked sign-ins',
  'security.write': 'Add, change and remove the own factors and linked sign-ins',
  'sessions.read': 'See the own sessions and devices',
  'sessions.write': 'Name and end the own sessions, forget devices',
};

/** Who may do what: the scopes that routes ask for, a group per tier, and the operators. */
export class AccessModel extends Construct {
  /** For the clients that may ask for them. */
  readonly scopes: readonly cognito.OAuthScope[];

  constructor(scope: Construct, id: string, { pool, tiers }: AccessModelProps) {
    super(scope, id);
    const scopes = Object.entries(scopeTexts).map(
      ([scopeName, scopeDescription]) => new cognito.ResourceServerScope({ scopeName, scopeDescription }),
    );
    assertRoutesCovered();
    const server = pool.addResourceServer('ResourceServer', {
      identifier: resourceServer,
      userPoolResourceServerName: 'Identity API',
      scopes,
    });
    this.scopes = scopes.map((item) => cognito.OAuthScope.resourceServer(server, item));
    tiers.forEach((tier, index) => {
      new cognito.UserPoolGroup(this, `Tier-${tier}`, {
        userPool: pool,
        groupName: `tier-${tier}`,
        description: `Customers of the tier ${tier}`,
        precedence: 100 + tiers.length - index, // lower wins: the best tier first
      });
    });
    new cognito.UserPoolGroup(this, 'Operators', {
      userPool: pool,
      groupName: 'operators',
      description: 'People who run this installation',
      precedence: 1,
    });
  }
}

/** A route that asks for a scope nobody can get would be closed for ever. */
function assertRoutesCovered(): void {
  for (const route of routeList) {
    if (route.auth.kind === 'user' && !(route.auth.scope in scopeTexts)) {
      throw new Error(`${route.id}: the scope ${route.auth.scope} is not one of the resource server`);
    }
  }
}
