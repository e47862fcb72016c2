import {
  createClient,
  createSignIn,
  createStepUp,
  createTokenSession,
  type KeptTokens,
  type SignInState,
} from 'vestibule/client';

/** Of the platform: Keychain, Keystore, `expo-secure-store`. Everything in it signs in. */
export interface SecureStorage {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
}

/** Of the platform: `ASAuthorizationController`, Credential Manager, `react-native-passkeys`. */
export type UsePasskey = (options: { challenge: string }) => Promise<PasskeyAnswer>;
type PasskeyAnswer = Parameters<ReturnType<typeof createSignIn>['credential']>[0];

const key = 'identity';

export function openApp(url: string, keychain: SecureStorage, usePasskey: UsePasskey) {
  const identity = createTokenSession(createClient({ url }), {
    storage: {
      load: async () => JSON.parse((await keychain.get(key)) ?? '{}') as KeptTokens,
      save: (kept) => keychain.set(key, JSON.stringify(kept)),
    },
  });
  const signIn = createSignIn(identity, { mode: 'tokens' });
  return {
    identity,
    signIn,
    stepUp: createStepUp(identity),

    /** With the password; a passkey that is asked for is used at once. */
    async signInWithPassword(identifier: string, password: string): Promise<SignInState> {
      const state = await signIn.start({ identifier, password });
      const isPasskey = state.step === 'challenge' && state.method === 'passkey' && state.options;
      return isPasskey ? signIn.credential(await usePasskey(isPasskey)) : state;
    },

    /** With a passkey alone: no address, no password. */
    async signInWithPasskey(): Promise<SignInState> {
      const { options, challenge } = await identity.call('POST /v1/sessions/passkey-options');
      return signIn.passkey({ credential: await usePasskey(options), challenge });
    },

    /** A call to an API of yours that takes access tokens. */
    async fetchOwn(address: string): Promise<Response> {
      return fetch(address, { headers: { authorization: `Bearer ${await identity.accessToken()}` } });
    },
  };
}
