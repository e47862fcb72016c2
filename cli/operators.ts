import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
  CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
  UserNotFoundException,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { Command } from 'commander';
import { type InstallationOptions, openInstallation } from './installation.ts';

const group = 'operators';

/**
 * Who may use the operator pages and routes. It takes credentials for the user pool itself, not an operator's session:
 * nobody becomes an operator through the product. AWS CloudTrail has who did it.
 */
export function operatorsCommand(): Command {
  const command = new Command('operators').description(
    'Who is an operator (with AWS credentials for the user pool)',
  );
  inInstallation(command.command('add'))
    .argument('<who>', 'e-mail address or sub of an account')
    .description('Make somebody an operator; it counts from their next sign-in with a passkey')
    .action((who: string, options: InstallationOptions) =>
      change(options, who, AdminAddUserToGroupCommand, 'is an operator from the next sign-in with a passkey'),
    );
  inInstallation(command.command('remove'))
    .argument('<who>', 'e-mail address or sub of an account')
    .description('Make somebody an operator no more; it counts within ten minutes')
    .action((who: string, options: InstallationOptions) =>
      change(
        options,
        who,
        AdminRemoveUserFromGroupCommand,
        'is no operator any more, within ten minutes at the latest',
      ),
    );
  inInstallation(command.command('list')).description('Everybody in the group, by sub').action(list);
  return command;
}

const inInstallation = (command: Command): Command =>
  command
    .option('--outputs <file>', 'a local cloud', '.vestibule/outputs.json')
    .option('--stage <stage>', 'an installation in AWS, by its parameters /vestibule/<stage>/…')
    .option('--region <region>', 'of that installation');

async function openPool(options: InstallationOptions) {
  const { settings, outputs } = await openInstallation(options, ['UserPoolId']);
  return { cognito: new CognitoIdentityProviderClient(settings), poolId: outputs.UserPoolId };
}

type Change = typeof AdminAddUserToGroupCommand | typeof AdminRemoveUserFromGroupCommand;

async function change(
  options: InstallationOptions,
  who: string,
  Operation: Change,
  done: string,
): Promise<void> {
  const { cognito, poolId } = await openPool(options);
  try {
    await cognito.send(new Operation({ UserPoolId: poolId, Username: who, GroupName: group }));
  } catch (error) {
    if (error instanceof UserNotFoundException)
      throw new Error(`${who}: there is no such account; it has to sign up first`);
    throw error;
  }
  console.log(`${who} ${done}`);
}

async function list(options: InstallationOptions): Promise<void> {
  const { cognito, poolId } = await openPool(options);
  let next: string | undefined;
  let count = 0;
  do {
    const page = await cognito.send(
      new ListUsersInGroupCommand({ UserPoolId: poolId, GroupName: group, ...(next && { NextToken: next }) }),
    );
    for (const user of page.Users ?? []) console.log(`${subOf(user)}  ${user.UserStatus ?? ''}`);
    count += page.Users?.length ?? 0;
    next = page.NextToken;
  } while (next);
  if (count === 0) console.error('nobody is an operator yet: vestibule operators add <address>');
}

const subOf = ({ Attributes = [], Username = '' }: UserType): string =>
  Attributes.find(({ Name }) => Name === 'sub')?.Value ?? Username;
