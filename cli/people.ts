import { Command } from 'commander';
import {
  cookieOption,
  endpointOption,
  type OperatorApi,
  type OperatorOptions,
  operatorApi,
  reasonOption,
} from './operator-api.ts';

interface PersonOptions extends OperatorOptions {
  readonly note?: string;
  readonly json?: boolean;
  readonly provider?: string;
}

interface Person {
  readonly sub: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly createdAt?: string;
  readonly lock?: {
    readonly reason: string;
    readonly at: string;
    readonly by: string;
    readonly note?: string;
  };
  readonly factors: { passkeys: number; totp: boolean; phone: boolean; recoveryCodesLeft: number };
  readonly recovery: { readonly state: string; readonly readyAt?: string };
  readonly sessions: readonly {
    id: string;
    startedAt?: string;
    endedAt?: string;
    device?: string;
    client?: string;
  }[];
  readonly activity: readonly PersonEvent[];
  /** With the address, before anybody was known to be behind it. */
  readonly attempts: readonly PersonEvent[];
  /** Further accounts with the address. */
  readonly others: readonly string[];
}

interface PersonEvent {
  readonly at: string;
  readonly type: string;
  readonly outcome: string;
  readonly reasons: readonly string[];
}

export function peopleCommand(): Command {
  const people = new Command('people').description('Accounts, one at a time');
  const person = (name: string, description: string) =>
    people
      .command(name)
      .description(description)
      .argument('<person>', 'e-mail address or sub, exact; with --provider its id for them')
      .option('--provider <name>', 'the person is named by the id that this provider has for them')
      .addOption(endpointOption())
      .addOption(reasonOption())
      .addOption(cookieOption());
  person('show', 'State, factors by kind, lock, recovery, sessions and recent activity')
    .option('--json', 'print everything as JSON')
    .action(async (who: string, options: PersonOptions) => {
      const found = await lookUp(await operatorApi(options), who, options);
      console.log(options.json ? JSON.stringify(found, null, 2) : shown(found));
    });
  person('lock', 'No sign-in by any door, and every session over')
    .option('--note <text>', 'for your colleagues; kept with the lock, never in an event')
    .action((who: string, options: PersonOptions) => act(who, options, 'lock', { note: options.note }));
  person('unlock', 'Let a locked account sign in again').action((who: string, options: PersonOptions) =>
    act(who, options, 'unlock'),
  );
  person('reset', 'Force a new password and end every session').action(
    (who: string, options: PersonOptions) => act(who, options, 'reset'),
  );
  person('recover', 'Start the delayed recovery; there is no shorter way').action(
    (who: string, options: PersonOptions) => act(who, options, 'recovery'),
  );
  return people;
}

/** A sub is used as it is; an address is looked up first, so that it is never part of a URL. */
async function act(
  who: string,
  options: PersonOptions,
  what: 'lock' | 'unlock' | 'reset' | 'recovery',
  more: object = {},
): Promise<void> {
  const api = await operatorApi(options);
  const isSub = !who.includes('@') && options.provider === undefined;
  const sub = isSub ? who : (await lookUp(api, who, options)).sub;
  const { state, readyAt, already } = await api.send<{ state: string; readyAt?: string; already?: boolean }>(
    'POST',
    `/v1/admin/people/${encodeURIComponent(sub)}/${what}`,
    { reason: options.reason, ...more },
  );
  console.log(`${sub}: ${state}${already ? ' already' : ''}${readyAt ? `, ready at ${readyAt}` : ''}`);
}

const lookUp = (api: OperatorApi, who: string, { reason, provider }: PersonOptions): Promise<Person> =>
  api.send('POST', '/v1/admin/people/look-up', {
    reason,
    ...soughtBy(who, provider),
  });

function soughtBy(who: string, provider: string | undefined): object {
  if (provider !== undefined) return { identity: { provider, subject: who } };
  return who.includes('@') ? { identifier: who } : { sub: who };
}

function shown(person: Person): string {
  const { factors, lock, recovery, sessions, others } = person;
  const activity = [...person.activity, ...person.attempts].sort((one, other) =>
    other.at.localeCompare(one.at),
  );
  const kinds = [
    factors.passkeys > 0 && `${factors.passkeys} passkeys`,
    factors.totp && 'authenticator app',
    factors.phone && 'phone',
    factors.recoveryCodesLeft > 0 && `${factors.recoveryCodesLeft} recovery codes`,
  ].filter(Boolean);
  return [
    `sub        ${person.sub}`,
    `state      ${person.status}, ${person.enabled ? 'enabled' : 'disabled'}${person.createdAt ? `, since ${person.createdAt}` : ''}`,
    `lock       ${lock ? `${lock.reason}, ${lock.at}, by ${lock.by}${lock.note ? `: ${lock.note}` : ''}` : 'none'}`,
    `factors    ${kinds.join(', ') || 'password only'}`,
    `recovery   ${recovery.state}${recovery.readyAt ? `, ready at ${recovery.readyAt}` : ''}`,
    `sessions   ${sessions.filter(({ endedAt }) => !endedAt).length} open`,
    ...sessions
      .slice(0, 10)
      .map(({ startedAt, endedAt, device }) =>
        ['          ', startedAt ?? 'unknown', device ?? '', endedAt ? `ended ${endedAt}` : '']
          .join(' ')
          .trimEnd(),
      ),
    ...others.map((sub) => `same address ${sub}`),
    'activity',
    ...activity.map(({ at, type, outcome, reasons }) =>
      `           ${at} ${type} ${outcome} ${reasons.join(' ')}`.trimEnd(),
    ),
  ].join('\n');
}
