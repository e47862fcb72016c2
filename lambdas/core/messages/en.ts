import { type AccountChange, type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Nobody from our side will ever ask you for this code.';

const minutes = (count: number): string => (count === 1 ? 'one minute' : `${count} minutes`);

const accountChanges: Readonly<Record<AccountChange, { readonly subject: string; readonly line: string }>> = {
  'passkey-added': { subject: 'Passkey added', line: 'A passkey was added to your account.' },
  'passkey-removed': { subject: 'Passkey removed', line: 'A passkey was removed from your account.' },
  'app-added': {
    subject: 'Authenticator app added',
    line: 'An authenticator app was added to your account.',
  },
  'app-removed': {
    subject: 'Authenticator app removed',
    line: 'The authenticator app was removed from your account.',
  },
  'phone-added': { subject: 'Phone number added', line: 'A phone number was added to your account.' },
  'phone-removed': {
    subject: 'Phone number removed',
    line: 'The phone number was removed from your account.',
  },
  'recovery-codes-replaced': {
    subject: 'New recovery codes',
    line: 'New recovery codes were made for your account. Older ones no longer work.',
  },
  'recovery-codes-removed': {
    subject: 'Recovery codes removed',
    line: 'The recovery codes of your account were removed.',
  },
  'password-changed': {
    subject: 'Password changed',
    line: 'The password of your account was changed, and every session was ended.',
  },
  'address-change-requested': {
    subject: 'Change of your address requested',
    line: 'Somebody asked to move your account to another e-mail address. This one stays in force until the new one is confirmed.',
  },
  'address-changed': {
    subject: 'Address changed',
    line: 'Your account now has another e-mail address. You can no longer sign in with this one.',
  },
  'provider-linked': {
    subject: 'Sign-in with another provider added',
    line: 'An account at another provider was linked and now signs in to your account.',
  },
  'provider-unlinked': {
    subject: 'Sign-in with another provider removed',
    line: 'An account at another provider no longer signs in to your account.',
  },
};

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
      `The code works once and for ${minutes(expiresInMinutes)}.`,
      neverShare,
      'If it was not you, do not pass the code on, and change your password.',
    ],
  }),
  'sign-in-link': ({ link, expiresInMinutes, device }, brand) => ({
    subject: `Your link to sign in to ${brand}`,
    heading: 'Your sign-in link',
    before: [
      device
        ? `Somebody, hopefully you, is signing in to your account using ${device}. Open this link in the same browser to go on:`
        : 'Somebody, hopefully you, is signing in to your account. Open this link in the same browser to go on:',
    ],
    link,
    linkLabel: 'Sign in',
    after: [
      `The link works once, for ${minutes(expiresInMinutes)}, and only in the browser in which the sign-in began.`,
      'If it was not you, you need not do anything, and do not pass the link on.',
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
  'address-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Confirm your new address for ${brand}`,
    heading: 'Confirm your new address',
    before: [
      `Somebody, hopefully you, wants to use this address for an account at ${brand}. Enter this code to confirm it:`,
    ],
    code,
    after: [
      `The code works once and for ${minutes(expiresInMinutes)}. Until then the old address stays in force.`,
      neverShare,
      'If it was not you, do nothing: without the code nothing changes.',
    ],
  }),
  'address-wanted': (_, brand) => ({
    subject: `Your address and another account at ${brand}`,
    heading: 'Your address was not given to another account',
    before: [
      `Somebody wanted to use this address for another account at ${brand}. It already belongs to yours, so nothing was changed.`,
    ],
    after: [
      'If it was you, you have two accounts: sign in to the other one with this address.',
      'If it was not you, you need not do anything.',
    ],
  }),
  'account-changed': ({ what, device, at }, brand) => ({
    subject: `${accountChanges[what].subject} at ${brand}`,
    heading: accountChanges[what].subject,
    before: [`${accountChanges[what].line} Device: ${device}, on ${momentIn('en-GB', at)}.`],
    after: [
      'If it was you, you need not do anything.',
      `If it was not you, change your password now: open ${brand} as you always do and choose “Forgot password”. That ends every session. Then look through the security settings of your account.`,
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
  'recovery-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Code to recover your ${brand} account`,
    heading: 'Recover your account',
    before: [
      'Somebody, hopefully you, says that they lost every way to confirm a sign-in to your account. Enter this code, together with your password, to go on:',
    ],
    code,
    after: [
      `The code works once and for ${minutes(expiresInMinutes)}. Without your password it is of no use to anybody.`,
      neverShare,
      'If it was not you, do nothing.',
    ],
  }),
  'recovery-requested': ({ readyAt, link }, brand) => ({
    subject: `Stop this if it was not you: recovery of your ${brand} account`,
    heading: 'Your account is about to be recovered',
    before: [
      `Somebody who can read your mail and knows your password asked to remove every other way to confirm a sign-in: passkeys, authenticator app, phone and recovery codes. This will be possible from ${momentIn('en-GB', readyAt)} on.`,
      'If it was not you, stop it here. Signing in with one of your other methods stops it too:',
    ],
    link,
    linkLabel: 'Stop the recovery',
    after: [
      'Then change your password, and the one of your mailbox.',
      'If it was you, wait until then and come back.',
    ],
  }),
  'recovery-cancelled': (_, brand) => ({
    subject: `The recovery of your ${brand} account was stopped`,
    heading: 'The recovery was stopped',
    before: [
      'The recovery of your account was stopped. All your ways to confirm a sign-in stay as they are.',
    ],
    after: ['If you did not ask for the recovery, change your password, and the one of your mailbox.'],
  }),
  'recovery-completed': ({ at }, brand) => ({
    subject: `Your ${brand} account was recovered`,
    heading: 'Your account was recovered',
    before: [
      `On ${momentIn('en-GB', at)} every passkey, authenticator app, phone and recovery code was removed from your account, and all sessions were ended.`,
    ],
    after: [
      'Sign in with your password and set up a new way to confirm your sign-ins.',
      'If it was not you, set a new password at once and ask our support for help.',
    ],
  }),
  'account-erased': ({ at }, brand) => ({
    subject: `Your account at ${brand} is being deleted`,
    heading: 'Your account is being deleted',
    before: [
      `You asked for this on ${momentIn('en-GB', at)}. You have been signed out everywhere, and nobody can sign in any more.`,
      'Within a few minutes your profile, your devices and your ways to sign in are gone. Records that we have to keep as evidence, such as what you agreed to, stay for a limited time and without your name.',
    ],
    after: ['This is the last message to this address. You are welcome to open a new account at any time.'],
  }),
  'sessions-ended': ({ at }, brand) => ({
    subject: `You were signed out of ${brand}`,
    heading: 'We signed you out',
    before: [
      `As a precaution we ended sessions of your account on ${momentIn('en-GB', at)}. Somebody else may have got hold of them.`,
    ],
    after: [
      'Sign in again as you always do.',
      'If you use the same password elsewhere, choose a new one in both places.',
    ],
  }),
};
