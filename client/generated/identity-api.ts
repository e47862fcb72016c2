/**
 * Types of every route on the wire.
 * Made by `npm run client-types` from the route table (lambdas/api/routes); `npm run check -- client` finds it stale.
 */
export interface components {
  schemas: {
    Problem: {
      /** Format: uri */
      type: string;
      title: string;
      status: number;
      /** @enum {string} */
      code:
        | 'REQUEST_INVALID'
        | 'REQUEST_BLOCKED'
        | 'CONTENT_TYPE_UNSUPPORTED'
        | 'BODY_TOO_LARGE'
        | 'ROUTE_NOT_FOUND'
        | 'REGISTRATION_REFUSED'
        | 'MAIL_DOMAIN_REFUSED'
        | 'PASSWORD_REFUSED'
        | 'CODE_REJECTED'
        | 'SIGN_IN_REJECTED'
        | 'ACCOUNT_NOT_CONFIRMED'
        | 'PASSWORD_RESET_REQUIRED'
        | 'FLOW_REJECTED'
        | 'SESSION_REJECTED'
        | 'TOKEN_REJECTED'
        | 'SCOPE_MISSING'
        | 'CONTEXT_REQUIRED'
        | 'CONTEXT_REJECTED'
        | 'PROFILE_NOT_FOUND'
        | 'PROFILE_CONFLICT'
        | 'PRECONDITION_REQUIRED'
        | 'PROMPT_UNKNOWN'
        | 'CONSENT_PURPOSE_UNKNOWN'
        | 'CONSENT_TEXT_MISMATCH'
        | 'CONSENT_CONFLICT'
        | 'CONSENT_NOT_WITHDRAWABLE'
        | 'STEP_UP_REQUIRED'
        | 'ORIGIN_REJECTED'
        | 'METHOD_UNAVAILABLE'
        | 'FACTOR_REJECTED'
        | 'FACTOR_UNKNOWN'
        | 'FACTOR_CONFLICT'
        | 'FACTOR_LIMIT'
        | 'FACTOR_REQUIRED'
        | 'ADDRESS_TAKEN'
        | 'SESSION_UNKNOWN'
        | 'DEVICE_UNKNOWN'
        | 'LINK_REQUIRED'
        | 'LINK_REJECTED'
        | 'LINK_UNKNOWN'
        | 'RECOVERY_REJECTED'
        | 'RECOVERY_WAITING'
        | 'RECOVERY_UNKNOWN'
        | 'ACCOUNT_LOCKED'
        | 'ACCOUNT_UNKNOWN'
        | 'ERASURE_UNDER_WAY'
        | 'OPERATOR_REQUIRED'
        | 'COHORT_CONFLICT'
        | 'DECISION_UNKNOWN'
        | 'MESSAGE_BUDGET_SPENT'
        | 'TOO_MANY_ATTEMPTS'
        | 'UNAVAILABLE'
        | 'INTERNAL';
      detail: string;
      /** @description Id of the request, to quote to the operator */
      instance: string;
      fields?: ({
        /** @description RFC 6901 pointer into the body; /query/… and /headers/… name those places */
        pointer: string;
        detail: string;
      } & {
        [key: string]: unknown;
      })[];
      /** @description With STEP_UP_REQUIRED: what to prove by POST /v1/me/step-up (RFC 9470) */
      stepUp?: {
        /** @enum {integer} */
        level: 1 | 2;
        maxAgeSeconds: number;
      } & {
        [key: string]: unknown;
      };
      /** @description With LINK_REQUIRED: the code for POST /v1/me/links, after a sign-in to the account */
      link?: {
        code: string;
      } & {
        [key: string]: unknown;
      };
    } & {
      [key: string]: unknown;
    };
    /** @description What to ask in a registration form: fields, and purposes with their texts, versions and hashes */
    'GET /v1/registration-form': {
      query: {
        locale?: string;
      };
      answer: {
        language: string;
        passwordMinLength: number;
        fields: {
          field: string;
          /** @enum {string} */
          type: 'text' | 'choice' | 'date' | 'boolean' | 'number';
          label: string;
          options?: string[];
          optionLabels?: {
            [key: string]: string;
          };
          maxLength?: number;
          min?: number;
          max?: number;
          required: boolean;
          purpose: string;
        }[];
        purposes: {
          purpose: string;
          required: boolean;
          version: string;
          language: string;
          text: string;
          textHash: string;
        }[];
      };
    };
    /** @description Register; the answer is the same whether or not the address is already taken */
    'POST /v1/registrations': {
      body: {
        email: string;
        password: string;
        locale?: string;
        profile?: {
          [key: string]: string | number | boolean;
        };
        consents?: {
          purpose: string;
          /** @enum {string} */
          decision: 'granted' | 'withdrawn';
          version: string;
          language: string;
          textHash: string;
        }[];
      };
      answer: {
        registration: string;
        destination: string;
        codeLength: number;
        expiresInSeconds: number;
        deviceToken?: string;
      };
    };
    /** @description Prove the address with the mailed code */
    'POST /v1/registrations/confirm': {
      body: {
        email: string;
        registration: string;
        code: string;
      };
      answer: {
        /** @constant */
        state: 'confirmed';
        deviceToken?: string;
      };
    };
    /** @description Send the confirmation code of a registration again */
    'POST /v1/registrations/resend': {
      body: {
        email: string;
        registration: string;
      };
    };
    /** @description This description */
    'GET /v1/openapi.json': {
      answer: {
        [key: string]: unknown;
      };
    };
    /** @description A signed context for clients that call Cognito themselves; single use, five minutes at the most */
    'POST /v1/contexts': {
      body: {
        identifier: string;
        /** @enum {string} */
        use?: 'sign-in' | 'registration';
      };
      answer: {
        context: string;
        expiresInSeconds: number;
        deviceToken?: string;
      };
    };
    /** @description Sign in with a password, with a method in place of it, or with a passkey alone; answers with tokens or with a challenge */
    'POST /v1/sessions': {
      body: {
        identifier?: string;
        password?: string;
        /** @enum {string} */
        method?: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
        /** @constant */
        level?: 2;
        passkey?: {
          credential: {
            id: string;
            rawId: string;
            /** @constant */
            type: 'public-key';
            /** @enum {string} */
            authenticatorAttachment?: 'platform' | 'cross-platform';
            clientExtensionResults: {
              [key: string]: unknown;
            };
            response: {
              clientDataJSON: string;
              authenticatorData: string;
              signature: string;
              userHandle?: string;
            };
          };
          challenge: string;
        };
        /** @enum {string} */
        mode?: 'tokens' | 'cookie';
      };
      answer:
        | {
            /** @constant */
            state: 'signed-in';
            accessToken: string;
            idToken: string;
            refreshToken: string;
            expiresInSeconds: number;
            /** @constant */
            tokenType: 'Bearer';
            deviceToken?: string;
          }
        | {
            /** @constant */
            state: 'signed-in';
            /** @constant */
            mode: 'cookie';
            csrf: string;
            /** @enum {number} */
            level: 0 | 1 | 2;
            idleSeconds: number;
          }
        | {
            /** @constant */
            state: 'challenge';
            flow: string;
            challenge: {
              /** @enum {string} */
              method: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
              methods: ('passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code')[];
              destination?: string;
              codeLength?: number;
              expiresInSeconds?: number;
              resendsLeft?: number;
              options?: {
                challenge: string;
              } & {
                [key: string]: unknown;
              };
            };
            deviceToken?: string;
          }
        | {
            /** @constant */
            state: 'new-password-required';
            flow: string;
            deviceToken?: string;
          };
    };
    /** @description Options for navigator.credentials.get before anybody said who signs in (conditional UI) */
    'POST /v1/sessions/passkey-options': {
      answer: {
        options: {
          challenge: string;
        } & {
          [key: string]: unknown;
        };
        challenge: string;
        expiresInSeconds: number;
      };
    };
    /** @description Answer the challenge, have its code sent again, or take another method */
    'POST /v1/sessions/challenge': {
      body: {
        flow: string;
        answer?: string;
        /** @constant */
        resend?: true;
        /** @enum {string} */
        method?: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
        credential?: {
          id: string;
          rawId: string;
          /** @constant */
          type: 'public-key';
          /** @enum {string} */
          authenticatorAttachment?: 'platform' | 'cross-platform';
          clientExtensionResults: {
            [key: string]: unknown;
          };
          response: {
            clientDataJSON: string;
            authenticatorData: string;
            signature: string;
            userHandle?: string;
          };
        };
        link?: string;
        newPassword?: string;
      };
      answer:
        | {
            /** @constant */
            state: 'signed-in';
            accessToken: string;
            idToken: string;
            refreshToken: string;
            expiresInSeconds: number;
            /** @constant */
            tokenType: 'Bearer';
            deviceToken?: string;
          }
        | {
            /** @constant */
            state: 'signed-in';
            /** @constant */
            mode: 'cookie';
            csrf: string;
            /** @enum {number} */
            level: 0 | 1 | 2;
            idleSeconds: number;
          }
        | {
            /** @constant */
            state: 'challenge';
            flow: string;
            challenge: {
              /** @enum {string} */
              method: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
              methods: ('passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code')[];
              destination?: string;
              codeLength?: number;
              expiresInSeconds?: number;
              resendsLeft?: number;
              options?: {
                challenge: string;
              } & {
                [key: string]: unknown;
              };
            };
            deviceToken?: string;
          }
        | {
            /** @constant */
            state: 'new-password-required';
            flow: string;
            deviceToken?: string;
          };
    };
    /** @description Where to sign in with a provider, for a page of ours; binds what follows to this browser */
    'POST /v1/sessions/provider': {
      body: {
        provider: string;
        /** @constant */
        fresh?: true;
      };
      answer: {
        url: string;
        expiresInSeconds: number;
      };
    };
    /** @description Back from the provider: a session in a cookie, or the code that links the two accounts */
    'POST /v1/sessions/provider/complete': {
      body: {
        state: string;
        code?: string;
        refusal?: string;
      };
      answer: {
        /** @constant */
        state: 'signed-in';
        /** @constant */
        mode: 'cookie';
        csrf: string;
        /** @enum {number} */
        level: 0 | 1 | 2;
        idleSeconds: number;
      };
    };
    /** @description New tokens for a refresh token, which is used up by it; a new cookie for a browser session */
    'POST /v1/sessions/refresh': {
      body: {
        refreshToken?: string;
      };
      answer:
        | {
            accessToken: string;
            idToken: string;
            refreshToken: string;
            expiresInSeconds: number;
            /** @constant */
            tokenType: 'Bearer';
          }
        | {
            /** @constant */
            mode: 'cookie';
            csrf: string;
            /** @enum {number} */
            level: 0 | 1 | 2;
            idleSeconds: number;
          };
    };
    /** @description End a session: its refresh token and, within seconds, its access tokens */
    'POST /v1/sessions/sign-out': {
      body: {
        refreshToken?: string;
        accessToken?: string;
      };
    };
    /** @description Have a code mailed to set a new password; the answer is the same for every address */
    'POST /v1/password-resets': {
      body: {
        identifier: string;
        locale?: string;
      };
      answer: {
        destination: string;
        codeLength: number;
        expiresInSeconds: number;
      };
    };
    /** @description Set a new password with the mailed code */
    'POST /v1/password-resets/confirm': {
      body: {
        identifier: string;
        code: string;
        password: string;
      };
      answer: {
        /** @constant */
        state: 'reset';
      };
    };
    /** @description Have a code mailed to recover an account; the answer is the same for every address */
    'POST /v1/recoveries': {
      body: {
        identifier: string;
        locale?: string;
      };
      answer: {
        destination: string;
        codeLength: number;
        expiresInSeconds: number;
      };
    };
    /** @description Prove mailbox and password; from then on the waiting time runs, and the owner is told on every channel */
    'POST /v1/recoveries/confirm': {
      body: {
        identifier: string;
        code: string;
        password: string;
      };
      answer: {
        /** @enum {string} */
        state: 'waiting' | 'ready' | 'not-needed';
        readyAt?: string;
        expiresAt?: string;
      };
    };
    /** @description Stop a recovery with the link of its notice; opening the link does nothing, this call does */
    'POST /v1/recoveries/cancel': {
      body: {
        token: string;
      };
      answer: {
        /** @constant */
        state: 'cancelled';
      };
    };
    /** @description After the waiting time, with a new code: removes every further factor and ends every session of the account */
    'POST /v1/recoveries/complete': {
      body: {
        identifier: string;
        code: string;
        password: string;
      };
      answer: {
        /** @constant */
        state: 'completed';
      };
    };
    /** @description The profile of the signed-in person, with its version as ETag */
    'GET /v1/me/profile': {
      query: {
        locale?: string;
      };
      answer: {
        version: number;
        email?: string;
        locale?: string;
        createdAt?: string;
        fields: {
          [key: string]: {
            value: string | number | boolean;
            purpose: string;
            /** @enum {string} */
            source: 'registration' | 'prompt' | 'profile' | 'import';
            at: string;
          };
        };
        completeness: number;
        schema: {
          field: string;
          /** @enum {string} */
          type: 'text' | 'choice' | 'date' | 'boolean' | 'number';
          label: string;
          options?: string[];
          optionLabels?: {
            [key: string]: string;
          };
          maxLength?: number;
          min?: number;
          max?: number;
          required: boolean;
          purpose: string;
        }[];
      };
    };
    /** @description Change fields of the profile; null removes one */
    'PATCH /v1/me/profile': {
      query: {
        locale?: string;
      };
      headers: {
        'if-match': string;
      };
      body: {
        locale?: string;
        fields?: {
          [key: string]: (string | number | boolean) | null;
        };
      };
      answer: {
        version: number;
        email?: string;
        locale?: string;
        createdAt?: string;
        fields: {
          [key: string]: {
            value: string | number | boolean;
            purpose: string;
            /** @enum {string} */
            source: 'registration' | 'prompt' | 'profile' | 'import';
            at: string;
          };
        };
        completeness: number;
        schema: {
          field: string;
          /** @enum {string} */
          type: 'text' | 'choice' | 'date' | 'boolean' | 'number';
          label: string;
          options?: string[];
          optionLabels?: {
            [key: string]: string;
          };
          maxLength?: number;
          min?: number;
          max?: number;
          required: boolean;
          purpose: string;
        }[];
      };
    };
    /** @description The next best questions to ask, if this is a good moment at all */
    'GET /v1/me/prompts': {
      query: {
        locale?: string;
      };
      answer: {
        prompts: {
          field: string;
          /** @enum {string} */
          type: 'text' | 'choice' | 'date' | 'boolean' | 'number';
          label: string;
          options?: string[];
          optionLabels?: {
            [key: string]: string;
          };
          maxLength?: number;
          min?: number;
          max?: number;
          required: boolean;
          purpose: string;
        }[];
        completeness: number;
      };
    };
    /** @description Answer or skip one question */
    'PUT /v1/me/prompts/{field}': {
      params: {
        field: string;
      };
      body: {
        answer?: string | number | boolean;
        /** @constant */
        skip?: true;
      };
      answer: {
        field: string;
        /** @enum {string} */
        state: 'answered' | 'skipped';
        version: number;
        completeness: number;
      };
    };
    /** @description Every purpose with its current text and the standing decision */
    'GET /v1/me/consents': {
      query: {
        locale?: string;
      };
      answer: {
        consents: {
          purpose: string;
          label?: string;
          /** @enum {string} */
          basis: 'consent' | 'contract';
          required: boolean;
          version: string;
          language: string;
          text: string;
          textHash: string;
          ask: boolean;
          active: boolean;
          standing?: {
            /** @enum {string} */
            decision: 'granted' | 'withdrawn';
            version: string;
            language: string;
            textHash: string;
            at: string;
          };
        }[];
      };
    };
    /** @description Grant or withdraw; a grant names the text that was shown, a withdrawal needs nothing but the decision */
    'PUT /v1/me/consents/{purpose}': {
      params: {
        purpose: string;
      };
      body: {
        /** @enum {string} */
        decision: 'granted' | 'withdrawn';
        version?: string;
        language?: string;
        textHash?: string;
      };
      answer: {
        id: string;
        purpose: string;
        /** @enum {string} */
        decision: 'granted' | 'withdrawn';
        version: string;
        language: string;
        textHash: string;
        at: string;
      };
    };
    /** @description Every decision ever made, newest first */
    'GET /v1/me/consents/history': {
      query: {
        limit?: string;
        cursor?: string;
      };
      answer: {
        entries: {
          id: string;
          purpose: string;
          /** @enum {string} */
          decision: 'granted' | 'withdrawn';
          version: string;
          language: string;
          textHash: string;
          at: string;
          /** @enum {string} */
          source: 'registration' | 'privacy-page' | 'prompt' | 'import';
        }[];
        next?: string;
      };
    };
    /** @description What happened with this account lately, newest first */
    'GET /v1/me/activity': {
      query: {
        limit?: string;
        cursor?: string;
      };
      answer: {
        events: {
          id: string;
          type: string;
          at: string;
          /** @enum {string} */
          actor: 'self' | 'operator' | 'system';
          /** @enum {string} */
          outcome: 'success' | 'refused' | 'failure';
          reasons: string[];
          /** @enum {string} */
          door?: 'api' | 'sdk' | 'managed-login';
          device?: string;
          network?: string;
          data: {
            [key: string]: string | number | boolean | string[];
          };
        }[];
        next?: string;
      };
    };
    /** @description Every further factor of the person, and which kinds can be added */
    'GET /v1/me/factors': {
      answer: {
        passkeys: {
          id: string;
          name: string;
          synced: boolean;
          enrolledAt: string;
          lastUsedAt?: string;
        }[];
        totp?: {
          name: string;
          enrolledAt: string;
          lastUsedAt?: string;
        };
        phone?: {
          number: string;
          country: string;
          enrolledAt: string;
          lastUsedAt?: string;
        };
        recoveryCodes?: {
          left: number;
          createdAt: string;
        };
        canEnrol: ('passkey' | 'totp' | 'phone' | 'recovery-codes')[];
      };
    };
    /** @description Options for navigator.credentials.create; good for one answer within five minutes */
    'POST /v1/me/passkeys/options': {
      answer: {
        options: {
          challenge: string;
        } & {
          [key: string]: unknown;
        };
      };
    };
    /** @description Add the passkey that the browser made */
    'POST /v1/me/passkeys': {
      body: {
        credential: {
          id: string;
          rawId: string;
          /** @constant */
          type: 'public-key';
          /** @enum {string} */
          authenticatorAttachment?: 'platform' | 'cross-platform';
          clientExtensionResults: {
            [key: string]: unknown;
          };
          response: {
            clientDataJSON: string;
            attestationObject: string;
            transports?: string[];
            authenticatorData?: string;
            publicKey?: string;
            publicKeyAlgorithm?: number;
          };
        };
        name?: string;
      };
      answer: {
        id: string;
        name: string;
        synced: boolean;
        enrolledAt: string;
        lastUsedAt?: string;
      };
    };
    /** @description Name a passkey */
    'PATCH /v1/me/passkeys/{id}': {
      params: {
        id: string;
      };
      body: {
        name: string;
      };
      answer: {
        id: string;
        name: string;
        synced: boolean;
        enrolledAt: string;
        lastUsedAt?: string;
      };
    };
    /** @description Remove a passkey; the recovery codes go with the last factor */
    'DELETE /v1/me/passkeys/{id}': {
      params: {
        id: string;
      };
    };
    /** @description A secret for an authenticator app, also as the URI that a QR code carries */
    'POST /v1/me/totp': {
      answer: {
        secret: string;
        uri: string;
        expiresInSeconds: number;
      };
    };
    /** @description Remove the authenticator app */
    'DELETE /v1/me/totp': Record<string, never>;
    /** @description Add the app by a code that it shows; it takes the place of one that was there */
    'POST /v1/me/totp/confirm': {
      body: {
        code: string;
        name?: string;
      };
      answer: {
        name: string;
        enrolledAt: string;
        lastUsedAt?: string;
      };
    };
    /** @description Have a code sent to a phone number */
    'POST /v1/me/phone': {
      body: {
        number: string;
      };
      answer: {
        destination: string;
        codeLength: number;
        expiresInSeconds: number;
      };
    };
    /** @description Remove the phone number */
    'DELETE /v1/me/phone': Record<string, never>;
    /** @description Add the number by the code; it takes the place of one that was there */
    'POST /v1/me/phone/confirm': {
      body: {
        code: string;
      };
      answer: {
        number: string;
        country: string;
        enrolledAt: string;
        lastUsedAt?: string;
      };
    };
    /** @description Ten new recovery codes, shown this once; older ones are void */
    'POST /v1/me/recovery-codes': {
      answer: {
        codes: string[];
        createdAt: string;
      };
    };
    /** @description Change the password; every session ends, also this one */
    'POST /v1/me/password': {
      body: {
        password: string;
      };
      answer: {
        /** @constant */
        state: 'changed';
        /** @constant */
        sessions: 'ended';
      };
    };
    /** @description Have a code sent to a new address; the answer is the same when it is somebody else’s */
    'POST /v1/me/email': {
      body: {
        email: string;
      };
      answer: {
        destination: string;
        codeLength: number;
        expiresInSeconds: number;
      };
    };
    /** @description Put the new address in force with the code */
    'POST /v1/me/email/confirm': {
      body: {
        code: string;
      };
      answer: {
        email: string;
      };
    };
    /** @description Where you are signed in; a browser session finds its csrf value here again */
    'GET /v1/me/sessions': {
      answer: {
        sessions: {
          id: string;
          current: boolean;
          startedAt?: string;
          lastSeenAt?: string;
          device?: string;
          network?: string;
          methods: (
            | 'password'
            | 'passkey'
            | 'totp'
            | 'sms-code'
            | 'recovery-code'
            | 'email-code'
            | 'magic-link'
          )[];
          /** @enum {number} */
          level: 0 | 1 | 2;
          client: string;
          /** @enum {string} */
          door?: 'api' | 'sdk' | 'managed-login';
          name?: string;
        }[];
        csrf?: string;
        operator: boolean;
      };
    };
    /** @description End all sessions but this one */
    'DELETE /v1/me/sessions': Record<string, never>;
    /** @description Give a session a name */
    'PATCH /v1/me/sessions/{id}': {
      params: {
        id: string;
      };
      body: {
        name: string;
      };
    };
    /** @description End one session; its next request is refused */
    'DELETE /v1/me/sessions/{id}': {
      params: {
        id: string;
      };
    };
    /** @description Devices on which a sign-in is nothing unusual */
    'GET /v1/me/devices': {
      answer: {
        devices: {
          id: string;
          current: boolean;
          device?: string;
          firstSeenAt: string;
          lastSeenAt: string;
          name?: string;
        }[];
      };
    };
    /** @description Give a device a name */
    'PATCH /v1/me/devices/{id}': {
      params: {
        id: string;
      };
      body: {
        name: string;
      };
    };
    /** @description Forget a device: the next sign-in on it is challenged */
    'DELETE /v1/me/devices/{id}': {
      params: {
        id: string;
      };
    };
    /** @description Prove again that it is you, with the password or any method that you have */
    'POST /v1/me/step-up': {
      body: {
        /** @enum {string} */
        method?: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
        password?: string;
      };
      answer:
        | {
            /** @constant */
            state: 'done';
            /** @enum {number} */
            level: 1 | 2;
            methods: (
              | 'password'
              | 'passkey'
              | 'totp'
              | 'sms-code'
              | 'recovery-code'
              | 'email-code'
              | 'magic-link'
            )[];
          }
        | {
            /** @constant */
            state: 'challenge';
            flow: string;
            challenge: {
              /** @enum {string} */
              method: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
              methods: ('passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code')[];
              destination?: string;
              codeLength?: number;
              expiresInSeconds?: number;
              resendsLeft?: number;
              options?: {
                challenge: string;
              } & {
                [key: string]: unknown;
              };
            };
          };
    };
    /** @description Answer the challenge of a step-up */
    'POST /v1/me/step-up/answer': {
      body: {
        flow: string;
        answer?: string;
        /** @constant */
        resend?: true;
        /** @enum {string} */
        method?: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
        credential?: {
          id: string;
          rawId: string;
          /** @constant */
          type: 'public-key';
          /** @enum {string} */
          authenticatorAttachment?: 'platform' | 'cross-platform';
          clientExtensionResults: {
            [key: string]: unknown;
          };
          response: {
            clientDataJSON: string;
            authenticatorData: string;
            signature: string;
            userHandle?: string;
          };
        };
        link?: string;
      };
      answer:
        | {
            /** @constant */
            state: 'done';
            /** @enum {number} */
            level: 1 | 2;
            methods: (
              | 'password'
              | 'passkey'
              | 'totp'
              | 'sms-code'
              | 'recovery-code'
              | 'email-code'
              | 'magic-link'
            )[];
          }
        | {
            /** @constant */
            state: 'challenge';
            flow: string;
            challenge: {
              /** @enum {string} */
              method: 'passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code';
              methods: ('passkey' | 'totp' | 'sms-code' | 'email-code' | 'magic-link' | 'recovery-code')[];
              destination?: string;
              codeLength?: number;
              expiresInSeconds?: number;
              resendsLeft?: number;
              options?: {
                challenge: string;
              } & {
                [key: string]: unknown;
              };
            };
          };
    };
    /** @description The accounts at other providers that sign in as this person */
    'GET /v1/me/links': {
      answer: {
        links: {
          id: string;
          provider: string;
          linkedAt: string;
          removable: boolean;
        }[];
      };
    };
    /** @description Link the account at a provider whose sign-in has just shown this code */
    'POST /v1/me/links': {
      body: {
        code: string;
      };
      answer: {
        id: string;
        provider: string;
        linkedAt: string;
        removable: boolean;
      };
    };
    /** @description Undo a link: the account at the provider signs in as nobody again */
    'DELETE /v1/me/links/{id}': {
      params: {
        id: string;
      };
    };
    /** @description Everything that is kept about you as one document, for download */
    'GET /v1/me/data': {
      answer: {
        /** @constant */
        version: 1;
        exportedAt: string;
        sub: string;
        account: {
          email?: string;
          locale?: string;
          createdAt?: string;
          directory?: {
            [key: string]: string;
          };
        } & {
          [key: string]: unknown;
        };
        profile: {
          version: number;
          fields: {
            [key: string]: unknown;
          };
        } & {
          [key: string]: unknown;
        };
        consents: {
          standing: ({
            purpose: string;
            /** @enum {string} */
            decision: 'granted' | 'withdrawn';
          } & {
            [key: string]: unknown;
          })[];
          history: {
            id: string;
            purpose: string;
            /** @enum {string} */
            decision: 'granted' | 'withdrawn';
            version: string;
            language: string;
            textHash: string;
            at: string;
            /** @enum {string} */
            source: 'registration' | 'privacy-page' | 'prompt' | 'import';
          }[];
        };
        sessions: ({
          id: string;
        } & {
          [key: string]: unknown;
        })[];
        devices: ({
          id: string;
        } & {
          [key: string]: unknown;
        })[];
        factors: ({
          kind: string;
        } & {
          [key: string]: unknown;
        })[];
        links: ({
          id: string;
          provider: string;
        } & {
          [key: string]: unknown;
        })[];
        lock?: {
          reason: string;
          at: string;
        } & {
          [key: string]: unknown;
        };
        recovery?: {
          status: string;
        } & {
          [key: string]: unknown;
        };
        signInHistory?: {
          devices?: {
            [key: string]: number;
          };
          networks?: {
            [key: string]: number;
          };
          lastSignInAt?: number;
          lastProofAt?: number;
          resetAt?: number;
        };
        activity: ({
          id: string;
          type: string;
          at: string;
        } & {
          [key: string]: unknown;
        })[];
        cut: {
          /** @enum {string} */
          section: 'activity' | 'consentHistory' | 'sessions' | 'devices';
          kept: number;
          rest: string;
        }[];
      };
    };
    /** @description Delete your account: no sign-in and no session from now on, the rest is erased behind the answer */
    'POST /v1/me/erasure': {
      body: {
        /** @constant */
        confirm: true;
      };
      answer: {
        /** @constant */
        state: 'erasing';
      };
    };
    /** @description An error in the script of a page of ours, for the log; nothing else becomes of it */
    'POST /v1/script-errors': {
      body: {
        message: string;
        page: string;
        source?: string;
      };
    };
    /** @description One person by exact identifier, sub or provider identity: state, factors by kind, sessions, lock, recovery, activity */
    'POST /v1/admin/people/look-up': {
      body: {
        identifier?: string;
        sub?: string;
        identity?: {
          provider: string;
          subject: string;
        };
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
        before?: string;
      };
      answer: {
        sub: string;
        status: string;
        enabled: boolean;
        createdAt?: string;
        lock?: {
          reason: string;
          at: string;
          by: string;
          note?: string;
        };
        factors: {
          passkeys: number;
          totp: boolean;
          phone: boolean;
          recoveryCodesLeft: number;
        };
        links: {
          provider: string;
          primary: boolean;
          linkedAt: string;
        }[];
        recovery: {
          /** @enum {string} */
          state: 'none' | 'requested' | 'ready' | 'completed' | 'cancelled' | 'expired';
          /** @enum {string} */
          by?: 'self' | 'operator';
          readyAt?: string;
          expiresAt?: string;
        };
        sessions: {
          id: string;
          client?: string;
          startedAt?: string;
          lastSeenAt?: string;
          endedAt?: string;
          device?: string;
          network?: string;
          provider?: string;
          level?: number;
          methods?: string[];
        }[];
        activity: {
          id: string;
          type: string;
          at: string;
          /** @enum {string} */
          actor: 'self' | 'operator' | 'system';
          /** @enum {string} */
          outcome: 'success' | 'refused' | 'failure';
          reasons: string[];
          /** @enum {string} */
          door?: 'api' | 'sdk' | 'managed-login';
          device?: string;
          network?: string;
          data: {
            [key: string]: string | number | boolean | string[];
          };
          flow?: string;
        }[];
        attempts: {
          id: string;
          type: string;
          at: string;
          /** @enum {string} */
          actor: 'self' | 'operator' | 'system';
          /** @enum {string} */
          outcome: 'success' | 'refused' | 'failure';
          reasons: string[];
          /** @enum {string} */
          door?: 'api' | 'sdk' | 'managed-login';
          device?: string;
          network?: string;
          data: {
            [key: string]: string | number | boolean | string[];
          };
          flow?: string;
        }[];
        next?: string;
        others: string[];
      };
    };
    /** @description What a person agreed to: standing decisions, and every answer from the newest on */
    'GET /v1/admin/people/{sub}/consents': {
      params: {
        sub: string;
      };
      query: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
        after?: string;
      };
      answer: {
        standing: {
          id: string;
          purpose: string;
          /** @enum {string} */
          decision: 'granted' | 'withdrawn';
          version: string;
          language: string;
          textHash: string;
          at: string;
        }[];
        history: {
          id: string;
          purpose: string;
          /** @enum {string} */
          decision: 'granted' | 'withdrawn';
          version: string;
          language: string;
          textHash: string;
          at: string;
          /** @enum {string} */
          source: 'registration' | 'privacy-page' | 'prompt' | 'import';
        }[];
        next?: string;
      };
    };
    /** @description Why a sign-in was let through, challenged or refused */
    'GET /v1/admin/people/{sub}/decisions/{flow}': {
      params: {
        sub: string;
        flow: string;
      };
      query: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        flow: string;
        at: string;
        /** @enum {string} */
        source: 'record' | 'events';
        /** @enum {string} */
        outcome: 'allow' | 'challenge' | 'deny';
        /** @enum {string} */
        enforcedOutcome?: 'allow' | 'challenge' | 'deny';
        score?: number;
        policyVersion?: number;
        policy?: {
          /** @enum {string} */
          mode: 'enforce' | 'monitor';
          challengeAt: number;
          denyAt: number;
        };
        signals: {
          code: string;
          value?: number | string;
          weight?: number;
        }[];
        methods: string[];
        reasons: string[];
        /** @enum {string} */
        state?: 'allowed' | 'challenged' | 'proven' | 'denied';
        proven?: string[];
        /** @enum {string} */
        door?: 'api' | 'sdk' | 'managed-login';
        client?: string;
        device?: string;
        network?: string;
      };
    };
    /** @description How often things happened, by hour or day: registrations, sign-ins, challenges, messages and more */
    'GET /v1/admin/statistics': {
      query: {
        from: string;
        to: string;
        /**
         * @default day
         * @enum {string}
         */
        step?: 'hour' | 'day';
      };
      answer: {
        from: string;
        to: string;
        /** @enum {string} */
        step: 'hour' | 'day';
        families: {
          registrations: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          signIns: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          challenges: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          denials: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          consents: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          factors: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          messages: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          spend: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          recoveries: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          sessions: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
          operators: {
            at: string;
            counts: {
              [key: string]: number;
            };
          }[];
        };
        topNetworks: {
          network: string;
          count: number;
          error: number;
          refused: number;
        }[];
        unlistedAtMost: number;
      };
    };
    /** @description Lock an account: no sign-in by any door, every session over */
    'POST /v1/admin/people/{sub}/lock': {
      params: {
        sub: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
        note?: string;
      };
      answer: {
        /** @constant */
        state: 'locked';
        already: boolean;
      };
    };
    /** @description Let a locked account sign in again; its sessions stay over */
    'POST /v1/admin/people/{sub}/unlock': {
      params: {
        sub: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        /** @constant */
        state: 'unlocked';
        already: boolean;
      };
    };
    /** @description Force a new password: a code is mailed, the old password and every session are over */
    'POST /v1/admin/people/{sub}/reset': {
      params: {
        sub: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        /** @constant */
        state: 'reset-required';
      };
    };
    /** @description End every session of a person */
    'POST /v1/admin/people/{sub}/sessions/end': {
      params: {
        sub: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        /** @constant */
        state: 'ended';
      };
    };
    /** @description Start the delayed recovery for a person; there is no shorter way */
    'POST /v1/admin/people/{sub}/recovery': {
      params: {
        sub: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        /** @enum {string} */
        state: 'waiting' | 'ready' | 'not-needed';
        readyAt?: string;
        expiresAt?: string;
      };
    };
    /** @description Preview the ending of a cohort of sessions; nothing ends before it is confirmed */
    'POST /v1/admin/session-endings': {
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
        note?: string;
        query?: {
          from: string;
          to?: string;
          client?: string;
          network?: string;
          address?: string;
          provider?: string;
        };
        list?: {
          subs?: string[];
          identifiers?: string[];
        };
      };
      answer: {
        id: string;
        /** @enum {string} */
        state: 'previewed' | 'expired' | 'running' | 'finished';
        matches: {
          sessions: number;
          people: number;
          exact: boolean;
        };
        expiresAt?: string;
        ended: {
          sessions: number;
          people: number;
        };
        sample: string[];
        unknown: number;
      };
    };
    /** @description How far the ending of a cohort has come */
    'GET /v1/admin/session-endings/{id}': {
      params: {
        id: string;
      };
      query: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        id: string;
        /** @enum {string} */
        state: 'previewed' | 'expired' | 'running' | 'finished';
        matches: {
          sessions: number;
          people: number;
          exact: boolean;
        };
        expiresAt?: string;
        ended: {
          sessions: number;
          people: number;
        };
      };
    };
    /** @description Confirm what was previewed, within 15 minutes */
    'POST /v1/admin/session-endings/{id}/confirm': {
      params: {
        id: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
      };
      answer: {
        id: string;
        /** @enum {string} */
        state: 'previewed' | 'expired' | 'running' | 'finished';
        matches: {
          sessions: number;
          people: number;
          exact: boolean;
        };
        expiresAt?: string;
        ended: {
          sessions: number;
          people: number;
        };
      };
    };
    /** @description End the next sessions of a confirmed cohort; call it until its state is finished */
    'POST /v1/admin/session-endings/{id}/run': {
      params: {
        id: string;
      };
      body: {
        /** @enum {string} */
        reason:
          | 'owner-asked'
          | 'account-takeover'
          | 'stolen-session'
          | 'breached-password'
          | 'abuse'
          | 'legal'
          | 'incident'
          | 'review'
          | 'other';
        limit?: number;
      };
      answer: {
        id: string;
        /** @enum {string} */
        state: 'previewed' | 'expired' | 'running' | 'finished';
        matches: {
          sessions: number;
          people: number;
          exact: boolean;
        };
        expiresAt?: string;
        ended: {
          sessions: number;
          people: number;
        };
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
