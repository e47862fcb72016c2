import { type ConfigProblem, pathOf } from './problems.ts';
import { type ProviderConfig, providerName, providerRule, trustsEmail } from './providers.ts';
import type { VestibuleConfig } from './types.ts';

type Key = string | number;

const problem = (message: string, ...keys: readonly Key[]): ConfigProblem => ({
  path: pathOf(keys),
  message,
});

/** Names that Cognito keeps for itself, or that belong to a kind of provider. */
const reserved = ['cognito', 'google', 'facebook', 'loginwithamazon', 'signinwithapple'];

/** What the list of providers, and the clients that offer them, have to agree on. */
export function providerProblems({
  providers = [],
  clients = [],
}: VestibuleConfig): readonly ConfigProblem[] {
  const names = providers.map(providerName);
  // User names are compared without case, and they begin with the provider's name.
  const folded = names.map((name) => name.toLowerCase());
  return [
    ...providers.flatMap((provider, index) => [
      ...(folded.indexOf(folded[index] ?? '') < index
        ? [problem(`"${names[index]}" is listed twice`, 'providers', index)]
        : []),
      ...ownProblems(provider, 'providers', index),
    ]),
    ...repeatedIdentifiers(providers),
    ...clients.flatMap((client, index) =>
      (('providers' in client && client.providers) || []).flatMap((name, at, offered) => {
        const found = (message: string) => [problem(message, 'clients', index, 'providers', at)];
        if (!names.includes(name))
          return found(`"${name}" is not a provider; known: ${names.join(', ') || 'none'}`);
        return offered.indexOf(name) < at ? found(`"${name}" is listed twice`) : [];
      }),
    ),
  ];
}

function ownProblems(provider: ProviderConfig, ...root: readonly Key[]): readonly ConfigProblem[] {
  const { kind } = provider;
  const named = kind === 'oidc' || kind === 'saml';
  return [
    ...(named && reserved.includes(provider.name.toLowerCase())
      ? [problem(`"${provider.name}" is a name that Cognito keeps`, ...root, 'name')]
      : []),
    ...(trustsEmail(provider) && !providerRule(provider).verifiedClaim
      ? [
          problem(
            'a trusted provider needs a name for this: only what it calls verified is taken for proven',
            ...root,
            'attributes',
            'email_verified',
          ),
        ]
      : []),
  ];
}

function repeatedIdentifiers(providers: readonly ProviderConfig[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return providers.flatMap((provider, index) =>
    (('identifiers' in provider && provider.identifiers) || []).flatMap((identifier, at) => {
      if (!seen.has(identifier)) {
        seen.add(identifier);
        return [];
      }
      return [problem(`"${identifier}" is listed twice`, 'providers', index, 'identifiers', at)];
    }),
  );
}
