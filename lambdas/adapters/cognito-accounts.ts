import type { Accounts } from '../core/account/ports.ts';
import { CiamError } from '../core/errors.ts';

type Admin = ReturnType<typeof import('./lazy/cognito-admin.ts').openCognitoAdmin>;

/** The user name of a native account in a pool that signs in by e-mail is its `sub`; whom only a provider knows has none. */
export function cognitoAccounts(
  userPoolId: string,
  open: () => Promise<Admin> = () =>
    import('./lazy/cognito-admin.ts').then(({ openCognitoAdmin }) => openCognitoAdmin(userPoolId)),
): Accounts {
  let opened: Promise<Admin> | undefined;
  const admin = () => {
    opened ??= open();
    return opened;
  };
  return {
    setPassword: async (sub, password) => {
      const { setPassword } = await admin();
      return setPassword(sub, password).then(
        () => 'changed' as const,
        outcome({
          InvalidPasswordException: 'refused',
          PasswordHistoryPolicyViolationException: 'refused',
          UserNotFoundException: 'unavailable',
        }),
      );
    },
    endSessions: async (sub) => {
      const { signOut } = await admin();
      await signOut(sub).catch(outcome({}));
    },
    isTaken: async (address) => {
      const { find } = await admin();
      return find(address).then(() => true, outcome({ UserNotFoundException: false }));
    },
    moveAddress: async (sub, address) => {
      const { setAttributes } = await admin();
      return setAttributes(sub, { email: address, email_verified: 'true' }).then(
        () => 'moved' as const,
        outcome({
          AliasExistsException: 'taken',
          UsernameExistsException: 'taken',
          UserNotFoundException: 'unavailable',
        }),
      );
    },
  };
}

/** Ends every refresh token of one account, which an address names as well as its user name does. */
export const cognitoSignOut =
  (userPoolId: string) =>
  async (username: string): Promise<void> => {
    const { openCognitoAdmin } = await import('./lazy/cognito-admin.ts');
    await openCognitoAdmin(userPoolId).signOut(username);
  };

/** What a refusal means, by its name; every other error is passed on, and what may pass by itself as `UNAVAILABLE`. */
const outcome =
  <const Meanings extends Readonly<Record<string, unknown>>>(meanings: Meanings) =>
  (error: unknown): Meanings[keyof Meanings] => {
    const name = error instanceof Error ? error.name : '';
    if (Object.hasOwn(meanings, name)) return meanings[name as keyof Meanings];
    if (!passing.includes(name)) throw error;
    throw new CiamError('UNAVAILABLE', 'This is not possible right now. Please try again.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  };

const passing = ['TooManyRequestsException', 'InternalErrorException', 'TimeoutError'];
