import type { Pseudonym } from '../ids.ts';

/** The signed facts about one request, as our API saw it. A trigger believes nothing else about address or device. */
export interface RequestContext {
  readonly audience: ContextAudience;
  /** `jti`: 128 random bits. Single use: a sign-in flow that begins with this context has this id. */
  readonly id: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds, at most {@link contextLifetimeSeconds} after `issuedAt`. */
  readonly expiresAt: number;
  /** Whom it was asked for: pseudonym of the address, or of the `sub` where no address was typed. Of another one it is `foreign`. */
  readonly identifier: Pseudonym;
  /** IPv4 /24, IPv6 /48. */
  readonly network: Pseudonym;
  /** IPv4 whole, IPv6 /64: what failures are counted by. */
  readonly address: Pseudonym;
  readonly device?: Pseudonym;
  /** Coarse label, for example `Firefox on Windows`. */
  readonly label: string;
  /** Id of the brand that the page showed; what is sent because of this request speaks for it. */
  readonly brand?: string;
  /** Language that the page was shown in (BCP 47); what is sent because of this request is in it where it is configured. */
  readonly language?: string;
  readonly door: 'api' | 'sdk';
  /** Assurance level that was asked for: 2 forces a challenge that reaches it. */
  readonly level?: 2;
  /** Key of the session that a `step-up` is for (`sessionKeyOf`). */
  readonly session?: string;
  /** Device token that takes the place of `device` once a challenge was passed: one that was planted never gets known. */
  readonly nextDevice?: Pseudonym;
}

export type ContextAudience = 'sign-in' | 'registration' | 'step-up';

export const contextLifetimeSeconds = 300;

/**
 * How long a context that a flow has already consumed may still *name* that flow after it expired: the longest
 * authentication session that Cognito allows (15 min). An expired context is never good for anything else.
 */
export const contextReferenceSeconds = 900;

/** Key of `ClientMetadata` that carries the context, on every call of a sign-in. */
export const contextMetadataKey = 'vestibule_context';
/** Optional: the flow id from the challenge parameters, for clients whose flow did not begin with a context. */
export const flowMetadataKey = 'vestibule_flow';
/** Set by the Identity API at refresh: what the session had proven when it began. */
export const sessionMetadataKey = 'vestibule_session';

export type ContextReading =
  | { readonly status: 'genuine'; readonly context: RequestContext }
  | { readonly status: 'expired'; readonly context: RequestContext }
  | { readonly status: 'missing' | 'invalid' };
