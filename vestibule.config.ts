import { defineConfig } from './lib/config/define-config.ts';

/** A sample shop. Change it to yours: a wrong value fails the synth with its path. */
export default defineConfig({
  brand: { name: 'Linden & Lark', supportUrl: 'https://help.lindenlark.example' },
  plan: 'essentials',
  languages: ['en', 'de'],
  mail: { from: 'account@mail.lindenlark.example', replyTo: 'help@lindenlark.example' },
  mailDomains: { deny: ['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com'] },
  password: { minLength: 15 },

  profile: {
    prompting: { perVisit: 2, coolDownHours: 24, skipDays: 30, maxSkips: 3 },
    fields: [
      {
        name: 'displayName',
        type: 'text',
        label: { en: 'How shall we call you?', de: 'Wie dürfen wir Sie nennen?' },
        maxLength: 60,
        purpose: 'terms',
        collect: 'registration',
        weight: 40,
      },
      {
        name: 'birthDate',
        type: 'date',
        label: { en: 'When is your birthday?', de: 'Wann haben Sie Geburtstag?' },
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 30,
      },
      {
        name: 'city',
        type: 'text',
        label: { en: 'Which city do you live in?', de: 'In welcher Stadt wohnen Sie?' },
        maxLength: 80,
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 50,
      },
      {
        name: 'favouriteCategory',
        type: 'choice',
        label: { en: 'What do you like most?', de: 'Was mögen Sie am liebsten?' },
        options: ['garden', 'kitchen', 'books', 'outdoor'],
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 80,
      },
      {
        name: 'householdSize',
        type: 'number',
        label: {
          en: 'How many people live in your household?',
          de: 'Wie viele Personen leben in Ihrem Haushalt?',
        },
        min: 1,
        max: 20,
        purpose: 'analytics',
        collect: 'prompt',
        weight: 20,
      },
      {
        name: 'newsletterTopic',
        type: 'choice',
        label: { en: 'What should we write about?', de: 'Worüber sollen wir schreiben?' },
        options: ['offers', 'guides', 'events'],
        purpose: 'newsletter',
        collect: 'prompt',
        weight: 60,
      },
      {
        name: 'giftWrapping',
        type: 'boolean',
        label: { en: 'Wrap my orders as gifts', de: 'Bestellungen als Geschenk verpacken' },
        purpose: 'terms',
        collect: 'profile',
        weight: 10,
      },
    ],
  },

  purposes: [
    {
      name: 'terms',
      basis: 'contract',
      requiredAtRegistration: true,
      versions: [
        {
          version: '2026-09',
          material: true,
          texts: {
            en: 'I accept the terms of use of Linden & Lark and have read the privacy notice.',
            de: 'Ich akzeptiere die Nutzungsbedingungen von Linden & Lark und habe die Datenschutzhinweise gelesen.',
          },
        },
      ],
    },
    {
      name: 'newsletter',
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '2',
          material: true,
          texts: {
            en: 'Send me the newsletter by e-mail, at most twice a month, and measure which mails I open. I can stop it at any time.',
            de: 'Schicken Sie mir den Newsletter per E-Mail, höchstens zweimal im Monat, und messen Sie, welche Mails ich öffne. Ich kann ihn jederzeit abbestellen.',
          },
        },
        {
          version: '1',
          material: true,
          texts: {
            en: 'Send me the newsletter by e-mail. I can stop it at any time.',
            de: 'Schicken Sie mir den Newsletter per E-Mail. Ich kann ihn jederzeit abbestellen.',
          },
        },
      ],
    },
    {
      name: 'personalisation',
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '1',
          material: true,
          texts: {
            en: 'Use my answers and my orders to show me what fits me. I can withdraw this at any time.',
            de: 'Nutzen Sie meine Angaben und Bestellungen, um mir Passendes zu zeigen. Ich kann das jederzeit widerrufen.',
          },
        },
      ],
    },
    {
      name: 'analytics',
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '1',
          material: true,
          texts: {
            en: 'Use my answers in statistics that do not name me. I can withdraw this at any time.',
            de: 'Nutzen Sie meine Angaben in Statistiken, die mich nicht nennen. Ich kann das jederzeit widerrufen.',
          },
        },
      ],
    },
  ],

  tiers: ['standard', 'plus', 'gold'],

  apis: [
    { identifier: 'orders', scopes: [{ name: 'read', description: 'Read the orders of all customers' }] },
  ],

  clients: [
    {
      name: 'shop',
      door: 'managed-login',
      callbackUrls: {
        dev: ['http://localhost:3000/signed-in'],
        prod: ['https://lindenlark.example/signed-in'],
      },
      logoutUrls: { dev: ['http://localhost:3000/'], prod: ['https://lindenlark.example/'] },
      scopes: ['openid', 'email', 'profile', 'vestibule/profile.read'],
    },
    { name: 'reports', door: 'machine', scopes: ['orders/read'] },
  ],

  stages: {
    dev: {
      origins: ['http://localhost:3000', 'http://127.0.0.1:4400'],
      portalUrl: 'http://localhost:4400/portal',
      managedLogin: { domainPrefix: 'lindenlark-dev', methods: ['passkey', 'email-code'] },
      passkeys: { relyingPartyId: 'localhost' },
      // A pool of phone numbers of this account and Region; the local cloud takes any.
      sms: { originationIdentity: 'pool-0123456789abcdef', countries: ['DE', 'AT', 'CH', 'GB', 'US'] },
      data: 'disposable',
      archive: { lock: 'governance', lockDays: 1, deleteAfterDays: 30 },
    },
    prod: {
      region: 'eu-central-1',
      origins: ['https://lindenlark.example', 'https://account.lindenlark.example'],
      managedLogin: {
        customDomain: {
          name: 'login.lindenlark.example',
          certificateArn:
            'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
        },
        methods: ['passkey', 'email-code'],
      },
      passkeys: { relyingPartyId: 'lindenlark.example' },
      data: 'retain',
      archive: { lock: 'compliance', lockDays: 365, deleteAfterDays: 1095 },
      botControl: 'common',
    },
  },
});
