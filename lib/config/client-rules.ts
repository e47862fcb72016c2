import { builtInClients, type ClientConfig, openidScopes } from './clients.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import type { ConfigRule } from './rules.ts';
import { stageNames, type VestibuleConfig } from './types.ts';

type Key = string | number;

const problem = (message: string, ...keys: readonly Key[]): ConfigProblem => ({
  path: pathOf(keys),
  message,
});

const repeated = (values: readonly string[], path: (index: number) => readonly Key[]): ConfigProblem[] =>
  values.flatMap((value, index) =>
    values.indexOf(value) < index ? [problem(`"${value}" is listed twice`, ...path(index))] : [],
  );

/**
 * Scopes of the Identity API that a token of the sign-in pages may have. Those that change how somebody signs in are left
 * out: the pages cannot say which factors were proven.
 */
const ownScopes = [
  'profile.read',
  'profile.write',
  'consents.read',
  'consents.write',
  'activity.read',
  'sessions.read',
].map((scope) => `vestibule/${scope}`);

const scopesOfApis = ({ apis = [] }: VestibuleConfig): string[] =>
  apis.flatMap(({ identifier, scopes }) => scopes.map(({ name }) => `${identifier}/${name}`));

const names: ConfigRule = {
  needs: ['clients'],
  find: ({ clients = [] }) => [
    ...repeated(
      clients.map(({ name }) => name),
      (index) => ['clients', index, 'name'],
    ),
    ...clients.flatMap(({ name }, index) =>
      builtInClients.some((builtIn) => builtIn === name)
        ? [problem(`"${name}" is built in: choose another name`, 'clients', index, 'name')]
        : [],
    ),
  ],
};

const apis: ConfigRule = {
  needs: ['apis'],
  find: ({ apis: given = [] }) => [
    ...repeated(
      given.map(({ identifier }) => identifier),
      (index) => ['apis', index, 'identifier'],
    ),
    ...given.flatMap(({ identifier, scopes }, index) => [
      ...(identifier === 'vestibule'
        ? [problem('"vestibule" is the Identity API: choose another one', 'apis', index, 'identifier')]
        : []),
      ...repeated(
        scopes.map(({ name }) => name),
        (at) => ['apis', index, 'scopes', at, 'name'],
      ),
    ]),
  ],
};

const scopes: ConfigRule = {
  needs: ['clients', 'apis'],
  find: (config) => (config.clients ?? []).flatMap((client, index) => scopeProblems(config, client, index)),
};

function scopeProblems(config: VestibuleConfig, client: ClientConfig, index: number): ConfigProblem[] {
  if (client.door === 'sdk') return [];
  const given = client.scopes ?? [];
  const ofApis = scopesOfApis(config);
  const known = client.door === 'machine' ? ofApis : [...openidScopes, ...ownScopes, ...ofApis];
  const at = (position: number) => ['clients', index, 'scopes', position] as const;
  const needsOpenid = given.findIndex((scope) => ['email', 'profile', 'phone'].includes(scope));
  return [
    ...repeated(given, at),
    ...given.flatMap((scope, position) =>
      known.includes(scope) ? [] : [problem(unknownScope(client, scope, known), ...at(position))],
    ),
    ...(needsOpenid >= 0 && !given.includes('openid')
      ? [problem(`"${given[needsOpenid]}" needs "openid" beside it`, ...at(needsOpenid))]
      : []),
  ];
}

function unknownScope({ door }: ClientConfig, scope: string, known: readonly string[]): string {
  if (door === 'machine') return `"${scope}" is not a scope of "apis"; known: ${known.join(', ') || 'none'}`;
  return `"${scope}" is not for this door; known: ${known.join(', ')}`;
}

const addresses: ConfigRule = {
  needs: ['clients'],
  find: ({ clients = [] }) =>
    clients.flatMap((client, index) => {
      if (client.door !== 'managed-login') return [];
      return (['callbackUrls', 'logoutUrls'] as const).flatMap((list) =>
        stageNames.flatMap((stage) =>
          repeated(client[list]?.[stage] ?? [], (at) => ['clients', index, list, stage, at]),
        ),
      );
    }),
};

/** Codes and machine tokens come from the domain's endpoints. */
const domains: ConfigRule = {
  needs: ['clients', 'stages', 'plan'],
  find: ({ clients = [], stages, plan }) => {
    const client = clients.find(({ door }) => door !== 'sdk');
    return stageNames.flatMap((stage) => {
      const { managedLogin } = stages[stage];
      const at = (message: string) => problem(message, 'stages', stage, 'managedLogin');
      if (!managedLogin) return client ? [at(`is missing: the client "${client.name}" needs a domain`)] : [];
      const kinds = [
        'domainPrefix' in managedLogin && managedLogin.domainPrefix !== undefined,
        'customDomain' in managedLogin && managedLogin.customDomain !== undefined,
      ].filter(Boolean).length;
      return [
        ...(kinds === 1 ? [] : [at('expected either domainPrefix or customDomain')]),
        ...(plan === 'lite' ? [at('needs the plan essentials or plus')] : []),
      ];
    });
  },
};

export const clientRules: readonly ConfigRule[] = [names, apis, scopes, addresses, domains];
