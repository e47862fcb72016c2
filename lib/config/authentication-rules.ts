import { challengeMethods, isBanned, type Method, riskBands } from '../../lambdas/core/configuration.ts';
import { compileAuthentication, level2Methods, type MethodPolicyConfig } from './authentication.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import type { VestibuleConfig } from './types.ts';

type Key = string | number;
type Policy = ReturnType<typeof compileAuthentication>['base'];

const problem = (message: string, ...keys: readonly Key[]): ConfigProblem => ({
  path: pathOf(keys),
  message,
});

/** Built in; further ones are in `clients`. */
const ownClients = ['web', 'server'];

/** Whatever would leave somebody without any way in, or says two things at once. */
export function authenticationProblems({
  authentication,
  clients = [],
}: Pick<VestibuleConfig, 'authentication' | 'clients'>): readonly ConfigProblem[] {
  if (!authentication) return [];
  const compiled = compileAuthentication(authentication);
  const known = [...ownClients, ...clients.map(({ name }) => name)];
  return [
    ...policyProblems(authentication, compiled.base, 'authentication'),
    ...Object.entries(authentication.clients ?? {}).flatMap(([name, own]) => [
      ...(known.includes(name)
        ? []
        : [problem(`not a client; known: ${known.join(', ')}`, 'authentication', 'clients', name)]),
      ...policyProblems(own, compiled.clients[name] ?? compiled.base, 'authentication', 'clients', name),
    ]),
  ];
}

function policyProblems(
  written: MethodPolicyConfig,
  policy: Policy,
  ...root: readonly Key[]
): readonly ConfigProblem[] {
  const banned = (method: Method) => isBanned(policy, method);
  const contradictions = Object.entries(written.methods ?? {})
    .filter(([method, rule]) => rule === 'required' && banned(method as Method))
    .map(([method]) => problem(`the profile ${policy.profile} does not take it`, ...root, 'methods', method));
  const passwordless = (written.passwordless ?? []).flatMap((method, index) =>
    banned(method) ? [problem(`"${method}" is banned`, ...root, 'passwordless', index)] : [],
  );
  // Who has a second factor is not offered mail: a band of mail alone would shut exactly the careful people out.
  const bands = riskBands.flatMap((band) => {
    const accepted = written.bands?.[band];
    const helps = accepted?.some(
      (method) => level2Methods.some((each) => each === method) && !banned(method),
    );
    return accepted && !helps
      ? [problem('needs a method that people with a second factor have', ...root, 'bands', band)]
      : [];
  });
  const isShut = challengeMethods.every(banned) || (banned('password') && policy.passwordless.every(banned));
  return [
    ...contradictions,
    ...passwordless,
    ...bands,
    ...(isShut ? [problem('leaves no way to sign in', ...root, 'methods')] : []),
  ];
}
