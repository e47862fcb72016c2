import { invalid } from '../../api/problem.ts';
import type { RouteRequest } from '../../api/types.ts';
import type { Wish } from './go-on.ts';

/** How a sign-in begins. */
export type Start = { readonly wish: Wish } & (
  | { readonly kind: 'password'; readonly identifier: string; readonly password: string }
  /** A method in place of the password. */
  | { readonly kind: 'method'; readonly identifier: string }
  | { readonly kind: 'passkey'; readonly sub: string }
);

/** Cognito's user ids. */
const subForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws CiamError `REQUEST_INVALID` for a body that says two things, or none */
export function startOf({
  identifier,
  password,
  method,
  passkey,
}: RouteRequest<'POST /v1/sessions'>['body']): Start {
  if (passkey) {
    if (identifier !== undefined || password !== undefined || method !== undefined) {
      throw invalid('/passkey', 'stands alone: it says who signs in and how');
    }
    const handle = passkey.credential.response.userHandle ?? '';
    const sub = Buffer.from(handle, 'base64url').toString('utf8');
    if (!subForm.test(sub))
      throw invalid('/passkey/credential/response/userHandle', 'must name one of our users');
    return { kind: 'passkey', sub, wish: { method: 'passkey', passkey } };
  }
  if (identifier === undefined) throw invalid('/identifier', 'must be exactly one e-mail address');
  const wish = method ? { method } : {};
  if (password !== undefined) return { kind: 'password', identifier, password, wish };
  if (method === undefined) throw invalid('/password', 'a password, or a method in place of it');
  return { kind: 'method', identifier, wish };
}
