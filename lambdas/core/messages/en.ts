import { type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Nobody from our side will ever ask you for this code.';

export const en: MailTexts = {
  confirmation: ({ code }, brand) => ({
    subject: `Confirm your address for ${brand}`,
    heading: 'Confirm your address',
    before: [
      `Somebody, hopefully you, registered at ${brand} with this address. Enter this code to confirm it:`,
    ],
    code,
    after: [neverShare, 'If it was not you, do nothing: without the code there will be no account.'],
  }),
  'sign-in-code': ({ code, expiresInMinutes, device }, brand) => ({
    subject: `Your code to sign in to ${brand}`,
    heading: 'Your sign-in code',
    before: [
      device
        ? `Somebody is signing in to your account with the right password, using ${device}. Enter this code to go on:`
        : 'Somebody is signing in to your account with the right password. Enter this code to go on:',
    ],
    code,
    after: [
      `The code works once and for ${expiresInMinutes} minutes.`,
      neverShare,
      'If it was not you, do not pass the code on, and change your password.',
    ],
  }),
  'address-taken': (_, brand) => ({
    subject: `Your address was used to register at ${brand}`,
    heading: 'This address is already registered',
    before: [
      `Somebody, perhaps you, tried to register at ${brand} with this address. It already belongs to an account or to a registration that is not finished yet, so nothing was changed.`,
    ],
    after: [
      'If it was you: sign in as usual, or have a new password sent if you forgot yours. If you have not finished registering, go on in the browser you began in.',
      'If it was not you, you need not do anything.',
    ],
  }),
  'new-device': ({ device, at }, brand) => ({
    subject: `New device in your ${brand} account`,
    heading: 'A new device signed in',
    before: [
      `Your account was used from a device that we had not seen before: ${device}, on ${momentIn('en-GB', at)}.`,
    ],
    after: [
      'If it was you, you need not do anything.',
      `If it was not you, change your password now: open ${brand} as you always do and choose “Forgot password”.`,
    ],
  }),
  'password-reset': ({ code }, brand) => ({
    subject: `Reset your password for ${brand}`,
    heading: 'Reset your password',
    before: [
      'Somebody, hopefully you, wants to set a new password for your account. Enter this code to do so:',
    ],
    code,
    after: [neverShare, 'If it was not you, do nothing: your password stays as it is.'],
  }),
};
