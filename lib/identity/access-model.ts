import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { routeList } from '../../lambdas/api/routes.ts';
import { resourceServer, type UserScope } from '../../lambdas/api/types.ts';
import { type ApiConfig, openidScopes } from '../config/clients.ts';

export interface AccessModelProps {
  readonly pool: cognito.UserPool;
  /** In rising order. */
  readonly tiers: readonly string[];
  /** Own APIs of the configuration. */
  readonly apis: readonly ApiConfig[];
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
  'privacy.read': 'Read everything that is kept about the person, at once',
  'privacy.write': 'Erase the own account',
};

/** Who may do what: the scopes that routes ask for, a group per tier, and the operators. */
export class AccessModel extends Construct {
  private readonly scopes = new Map<string, cognito.OAuthScope>(
    openidScopes.map((name) => [name, cognito.OAuthScope.custom(name)]),
  );

  constructor(scope: Construct, id: string, { pool, tiers, apis }: AccessModelProps) {
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
    this.offer(resourceServer, server, scopes);
    for (const api of apis) this.addApi(pool, api);
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

  /** @param name - in full: `openid`, `vestibule/profile.read`, `orders/read` */
  scope(name: string): cognito.OAuthScope {
    const found = this.scopes.get(name);
    if (!found) throw new Error(`no resource server has the scope ${name}`);
    return found;
  }

  private addApi(pool: cognito.UserPool, { identifier, scopes: given }: ApiConfig): void {
    const scopes = given.map(
      ({ name, description }) =>
        new cognito.ResourceServerScope({ scopeName: name, scopeDescription: description }),
    );
    const server = pool.addResourceServer(`Api-${identifier}`, {
      identifier,
      userPoolResourceServerName: identifier,
      scopes,
    });
    this.offer(identifier, server, scopes);
  }

  private offer(
    identifier: string,
    server: cognito.IUserPoolResourceServer,
    scopes: readonly cognito.ResourceServerScope[],
  ): void {
    for (const scope of scopes) {
      this.scopes.set(`${identifier}/${scope.scopeName}`, cognito.OAuthScope.resourceServer(server, scope));
    }
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
