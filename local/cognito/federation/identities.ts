import type { User } from '../model.ts';

/** The `identities` of a user as triggers and AdminGetUser show them. */
export const identitiesOf = (user: User) =>
  (user.identities ?? []).map(({ userId, providerName, providerType, primary, linkedAt }) => ({
    userId,
    providerName,
    providerType,
    issuer: null,
    primary,
    dateCreated: linkedAt,
  }));

/** The same in an ID token, where every value is text. */
export const identitiesClaim = (user: User): { readonly identities?: readonly object[] } =>
  user.identities?.length
    ? {
        identities: identitiesOf(user).map((identity) => ({
          ...identity,
          primary: String(identity.primary),
          dateCreated: String(identity.dateCreated),
        })),
      }
    : {};
