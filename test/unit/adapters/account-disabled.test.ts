import { describe, expect, it } from 'vitest';
import { isAccountDisabled, signInError } from '../../../lambdas/adapters/cognito-sign-in.ts';

const said = (name: string, message: string) =>
  signInError('SIGN_IN_REJECTED', Object.assign(new Error(message), { name }));

describe('a refusal of the user pool', () => {
  it.each([
    { name: 'NotAuthorizedException', message: 'User is disabled.', locked: true },
    { name: 'NotAuthorizedException', message: 'Incorrect username or password.', locked: false },
    { name: 'InvalidParameterException', message: 'User is disabled.', locked: false },
  ])('with "$message" by $name is a lock: $locked', ({ name, message, locked }) => {
    const error = said(name, message);
    expect(isAccountDisabled(error)).toBe(locked);
    expect([error.code, error.publicMessage]).toEqual([
      'SIGN_IN_REJECTED',
      'The identifier or the password is not right.',
    ]);
  });
});
