import { isOnDomain, relyingPartyId } from './passkeys.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import type { StageConfig } from './types.ts';

/** What the shape of `portal` cannot say: which of its settings go together, and with those of the stage. */
export function portalProblems(stage: StageConfig, root: readonly (string | number)[]): ConfigProblem[] {
  const { enabled, domain, url }: AnyPortal = stage.portal ?? {};
  const problem = (message: string, ...keys: readonly string[]): ConfigProblem => ({
    path: pathOf([...root, 'portal', ...keys]),
    message,
  });
  if (enabled === false) {
    return [
      ...(url === undefined ? [problem('is missing: where links in mails lead', 'url')] : []),
      ...(domain ? [problem('is for a portal that is deployed', 'domain')] : []),
    ];
  }
  const relyingParty = relyingPartyId(stage);
  const login = stage.managedLogin;
  return [
    ...(url === undefined ? [] : [problem('is for pages of your own: set enabled to false', 'url')]),
    ...(domain && !isOnDomain(domain.name, relyingParty)
      ? [problem(`passkeys of ${relyingParty} do not work on this domain`, 'domain', 'name')]
      : []),
    ...(domain && login && 'customDomain' in login && login.customDomain?.name === domain.name
      ? [problem('is the domain of managedLogin, which is another distribution', 'domain', 'name')]
      : []),
  ];
}

interface AnyPortal {
  readonly enabled?: boolean;
  readonly domain?: { readonly name: string };
  readonly url?: string;
}
