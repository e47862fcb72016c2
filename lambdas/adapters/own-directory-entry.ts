import type { OwnDirectoryEntry } from '../core/privacy/ports.ts';

type Admin = Pick<ReturnType<typeof import('./lazy/cognito-admin.ts').openCognitoAdmin>, 'find' | 'disable'>;

/** Attributes that say something about a person; the rest is the pool's own bookkeeping. */
const personal = ['email', 'email_verified', 'name', 'locale', 'phone_number', 'phone_number_verified'];

/** The signed-in person's own user in the pool. @param open - at the first use: most requests need no user pool */
export function cognitoOwnEntry(
  userPoolId: string,
  open: () => Promise<Admin> = () =>
    import('./lazy/cognito-admin.ts').then(({ openCognitoAdmin }) => openCognitoAdmin(userPoolId)),
): OwnDirectoryEntry {
  const find = async (names: readonly string[]) => {
    const admin = await open();
    for (const name of names) {
      const user = await admin.find(name).catch(undefinedIfUnknown);
      if (user) return user;
    }
    return undefined;
  };
  return {
    attributes: async (names) => {
      const { UserAttributes = [] } = (await find(names)) ?? {};
      const shown = UserAttributes.flatMap(({ Name = '', Value }) =>
        personal.includes(Name) && Value !== undefined ? [[Name, Value] as const] : [],
      );
      return shown.length > 0 ? Object.fromEntries(shown) : undefined;
    },
    close: async (names) => {
      const user = await find(names);
      if (user?.Username !== undefined) await (await open()).disable(user.Username).catch(undefinedIfUnknown);
    },
  };
}

function undefinedIfUnknown(error: unknown): undefined {
  if (!(error instanceof Error) || error.name !== 'UserNotFoundException') throw error;
  return undefined;
}
