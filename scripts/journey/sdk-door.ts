import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';
import type { Outputs } from './outputs.ts';

export interface SdkSignIn {
  readonly session: CognitoUserSession;
  readonly steps: readonly string[];
}

export interface SdkSignInOptions {
  readonly username: string;
  readonly password: string;
  /** From `POST /v1/contexts`; left out to see what happens without. */
  readonly context?: string;
  readonly code: () => Promise<string>;
}

/** Signs in like an app with amazon-cognito-identity-js does: SRP and CUSTOM_AUTH, straight to Cognito's endpoint. */
export function signInWithSdk(outputs: Outputs, options: SdkSignInOptions): Promise<SdkSignIn> {
  const pool = new CognitoUserPool({
    UserPoolId: outputs.userPoolId,
    ClientId: outputs.clients.web.id,
    endpoint: outputs.endpoints.cognitoIdp,
    Storage: memoryStorage(),
  });
  const user = new CognitoUser({ Username: options.username, Pool: pool, Storage: memoryStorage() });
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  const metadata: Record<string, string> = options.context ? { vestibule_context: options.context } : {};
  const details = new AuthenticationDetails({
    Username: options.username,
    Password: options.password,
    ClientMetadata: metadata,
  });
  const steps: string[] = [];
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: (session: CognitoUserSession) => resolve({ session, steps }),
      onFailure: reject,
      customChallenge: (parameters: { step?: string }) => {
        steps.push(parameters.step ?? 'unknown');
        const answer =
          parameters.step === 'begin'
            ? Promise.resolve(JSON.stringify({ context: options.context, method: 'email-code' }))
            : options.code();
        answer.then((text) => user.sendCustomChallengeAnswer(text, callbacks, metadata), reject);
      },
    };
    user.authenticateUser(details, callbacks);
  });
}

function memoryStorage(): ICognitoStorage {
  const values = new Map<string, string>();
  return {
    setItem: (key, value) => values.set(key, value),
    getItem: (key) => values.get(key) ?? null,
    removeItem: (key) => values.delete(key),
    clear: () => values.clear(),
  } as ICognitoStorage;
}
