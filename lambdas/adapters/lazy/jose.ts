/** Signed tokens of a provider's sign-in: a file of its own, as any other request starts without it. */
export { createRemoteJWKSet, errors, jwtVerify } from 'jose';
