import { describe, expect, it } from 'vitest';
import { ConfigError, defineConfig, type VestibuleConfig } from '../../../../lib/index.ts';
import sample from '../../../../vestibule.config.ts';

/** The sample with some of it replaced, as a person without types might have written it. */
const changed = (change: (config: Loose) => void): VestibuleConfig => {
  const copy = structuredClone(sample) as unknown as Loose;
  change(copy);
  return copy as unknown as VestibuleConfig;
};
// biome-ignore lint/suspicious/noExplicitAny: wrong configurations are the point of these tests
type Loose = Record<string, any>;

function problemsOf(config: VestibuleConfig): string[] {
  try {
    defineConfig(config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('defineConfig', () => {
  it('gives a right configuration back as it is', () => {
    expect(defineConfig(sample)).toBe(sample);
  });

  it.each<[string, (config: Loose) => void, string]>([
    [
      'a field without known purpose',
      (c) => (c.profile.fields[2].purpose = 'fun'),
      'profile.fields[2].purpose: "fun" is not a purpose; known: terms, newsletter, personalisation, analytics',
    ],
    [
      'a missing translation',
      (c) => delete c.purposes[1].versions[0].texts.de,
      'purposes[1].versions[0].texts.de: no text for this language',
    ],
    [
      'a text in an unknown language',
      (c) => (c.profile.fields[0].label.nl = 'Naam'),
      'profile.fields[0].label.nl: not one of the configured languages',
    ],
    [
      'an option without label beside one that has one',
      (c) => (c.profile.fields[3].optionLabels = { garden: c.profile.fields[3].label }),
      'profile.fields[3].optionLabels.kitchen: no label for this option',
    ],
    [
      'a label of no option',
      (c) => (c.profile.fields[0].optionLabels = { garden: c.profile.fields[0].label }),
      'profile.fields[0].optionLabels.garden: not one of the options',
    ],
    [
      'a name of a purpose without translation',
      (c) => (c.purposes[1].label = { en: 'Newsletter' }),
      'purposes[1].label.de: no text for this language',
    ],
    [
      'an empty text',
      (c) => (c.profile.fields[0].label.de = '  '),
      'profile.fields[0].label.de: must not be empty',
    ],
    [
      'two fields of one name',
      (c) => (c.profile.fields[1].name = 'displayName'),
      'profile.fields[1]: "displayName" is listed twice',
    ],
    [
      'two purposes of one name',
      (c) => (c.purposes[2].name = 'newsletter'),
      'purposes[2]: "newsletter" is listed twice',
    ],
    [
      'a version that is there twice',
      (c) => (c.purposes[1].versions[1].version = '2'),
      'purposes[1].versions[1]: "2" is listed twice',
    ],
    [
      'a choice without options',
      (c) => delete c.profile.fields[3].options,
      'profile.fields[3].options: a choice needs its options',
    ],
    [
      'options on a text',
      (c) => (c.profile.fields[0].options = ['a']),
      'profile.fields[0].options: only a choice has options',
    ],
    [
      'a length on a number',
      (c) => (c.profile.fields[4].maxLength = 3),
      'profile.fields[4].maxLength: only a text has a length',
    ],
    [
      'bounds on a text',
      (c) => (c.profile.fields[0].min = 3),
      'profile.fields[0].min: only a number has bounds',
    ],
    [
      'bounds upside down',
      (c) => (c.profile.fields[4].min = 30),
      'profile.fields[4].min: must not be above max',
    ],
    [
      'a required field that no form asks for',
      (c) => (c.profile.fields[1].required = true),
      'profile.fields[1].required: only a field of the registration form can be required',
    ],
    [
      'a weight out of bounds',
      (c) => (c.profile.fields[0].weight = 101),
      'profile.fields[0].weight: expected a whole number from 1 to 100',
    ],
    [
      'a consent that cannot be refused',
      (c) => (c.purposes[1].requiredAtRegistration = true),
      'purposes[1].requiredAtRegistration: a consent must be free: only a contract purpose can be required',
    ],
    [
      'a domain both allowed and denied',
      (c) => (c.mailDomains.allow = ['yopmail.com']),
      'mailDomains.deny[3]: "yopmail.com" is allowed too',
    ],
    [
      'a domain in capitals',
      (c) => (c.mailDomains.deny = ['Example.com']),
      'mailDomains.deny[0]: expected a lower-case domain such as example.com',
    ],
    [
      'a mail address list',
      (c) => (c.mail.from = 'a@x.example, b@x.example'),
      'mail.from: expected one mail address',
    ],
    [
      'a short password',
      (c) => (c.password.minLength = 7),
      'password.minLength: expected a whole number from 8 to 99',
    ],
    [
      'a longer password beside another factor than alone',
      (c) => Object.assign(c.password, { minLength: 10, minLengthWithFactor: 12 }),
      'password.minLengthWithFactor: must not be more than minLength (10)',
    ],
    [
      'a range query in clear',
      (c) => Object.assign(c.password, { rangeQuery: { url: 'http://pwned.example/range/' } }),
      'password.rangeQuery.url: expected https://… (http only for localhost), without fragment',
    ],
    [
      'passkeys of an address',
      (c) => (c.stages.dev.passkeys = { relyingPartyId: '127.0.0.1' }),
      'stages.dev.passkeys.relyingPartyId: expected a lower-case domain such as shop.example, or localhost',
    ],
    [
      'passkeys of a domain that no page is on',
      (c) => (c.stages.prod.passkeys = { relyingPartyId: 'other.example' }),
      'stages.prod.passkeys.relyingPartyId: none of the origins is on this domain',
    ],
    [
      'password history on Lite',
      (c) => Object.assign(c, { plan: 'lite', password: { history: 3 } }),
      'password.history: needs the plan essentials or plus',
    ],
    ['an unknown plan', (c) => (c.plan = 'premium'), 'plan: expected one of lite, essentials, plus'],
    [
      'a language that is no tag',
      (c) => (c.languages = ['english']),
      'languages[0]: expected a BCP 47 tag such as en or de-AT',
    ],
    ['no tier at all', (c) => (c.tiers = []), 'tiers: expected at least one of tiers'],
    [
      'an origin with a path',
      (c) => (c.stages.prod.origins = ['https://a.example/']),
      'stages.prod.origins[0]: expected an origin such as https://shop.example, without path',
    ],
    [
      'an origin with a wildcard',
      (c) => (c.stages.prod.origins = ['https://*.example']),
      'stages.prod.origins[0]: expected an origin such as https://shop.example, without path',
    ],
    [
      'a lock longer than the retention',
      (c) => (c.stages.prod.archive.deleteAfterDays = 30),
      'stages.prod.archive.deleteAfterDays: must be more than lockDays (365)',
    ],
    [
      'a disposable stage that locks for ever',
      (c) => (c.stages.dev.archive.lock = 'compliance'),
      'stages.dev.archive.lock: a disposable stage cannot hold events that nobody may delete',
    ],
    [
      'an account that is none',
      (c) => (c.stages.prod.account = '123'),
      'stages.prod.account: expected 12 digits',
    ],
    ['a setting that does not exist', (c) => (c.brand.colour = 'red'), 'brand.colour: unknown setting'],
    ['a missing part', (c) => delete c.mail, 'mail: is missing'],
    ['a missing value', (c) => delete c.mail.from, 'mail.from: is missing'],
    ['a part of another shape', (c) => (c.profile = 'none'), 'profile: expected an object'],
  ])('refuses %s', (_what, change, problem) => {
    expect(problemsOf(changed(change))).toContain(problem);
  });

  it('lists every problem at once, of shapes and of rules, each with its path', () => {
    const problems = problemsOf(
      changed((config) => {
        config.mail.from = 'nobody';
        config.tiers = ['standard', 'standard'];
        config.profile.fields[2].purpose = 'fun';
        config.stages.prod.origins = ['ftp://a.example'];
      }),
    );
    expect(problems.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'mail.from',
      'stages.prod.origins[0]',
      'tiers[1]',
      'profile.fields[2].purpose',
    ]);
  });

  it('says in one message how many problems there are and where', () => {
    const broken = changed((config) => {
      config.tiers = [];
      config.plan = 'premium';
    });
    expect(() => defineConfig(broken)).toThrow(
      'vestibule.config.ts has 2 problems:\n  plan: expected one of lite, essentials, plus\n  tiers: expected at least one of tiers',
    );
  });

  it('does not fall over a configuration that is none', () => {
    expect(problemsOf(null as unknown as VestibuleConfig)).toHaveLength(1);
    expect(problemsOf({} as VestibuleConfig).length).toBeGreaterThan(5);
  });
});
