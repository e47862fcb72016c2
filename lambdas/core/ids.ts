/** Cognito's immutable user id; never the e-mail, phone number or username that a person types. */
export type Sub = string & { readonly kind: 'Sub' };
/** One sign-in attempt with its rounds: 128 random bits, base64url. */
export type FlowId = string & { readonly kind: 'FlowId' };
/** Keyed hash (22 base64url characters, 132 bits) that stands for an identifier, address or network in storage. */
export type Pseudonym = string & { readonly kind: 'Pseudonym' };
