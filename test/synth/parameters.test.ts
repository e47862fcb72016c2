import { describe, expect, it } from 'vitest';
import { settingGroups, settings } from '../../lib/parameters/definitions.ts';
import { environmentOf, ofType, synthesize } from '../support/synth.ts';

const template = synthesize();
const json = template.toJSON() as {
  Parameters: Record<string, Record<string, unknown>>;
  Metadata: Record<
    string,
    { ParameterGroups: { Label: { default: string }; Parameters: string[] }[]; ParameterLabels: object }
  >;
};
const ours = Object.entries(json.Parameters).filter(([name]) => name !== 'BootstrapVersion');

describe('stack parameters', () => {
  it('are these, with these defaults and bounds', () => {
    const shown = Object.fromEntries(
      ours.map(([name, { Default, MinValue, MaxValue, AllowedValues }]) => [
        name,
        AllowedValues ? [Default, AllowedValues] : [Default, MinValue, MaxValue],
      ]),
    );
    expect(shown).toEqual({
      RiskMode: ['enforce', ['enforce', 'monitor']],
      RiskChallengeAt: [30, 1, 99],
      RiskDenyAt: [100, 100, 1000],
      RiskDormantDays: [90, 7, 730],
      RiskProofMaxAgeDays: [30, 1, 365],
      RiskAccountFailureLimit: [10, 3, 100],
      RiskAddressFailureLimit: [30, 5, 1000],
      ContextMandatory: ['false', ['true', 'false']],
      CodeLifetimeSeconds: [300, 60, 600],
      CodeAttempts: [3, 1, 5],
      CodeResends: [2, 0, 5],
      CodeAccountLimit: [10, 3, 100],
      CodeMailsPerAccountPerHour: [10, 3, 100],
      UniformAnswerMs: [600, 0, 3000],
      RegistrationsPerAddressPerHour: [20, 1, 1000],
      PoolSessions: ['false', ['true', 'false']],
      SessionIdleHours: [336, 1, 8_760],
      StrongSessionHours: [24, 1, 720],
      StrongSessionIdleMinutes: [60, 5, 1_440],
      RecoveryDelayHours: [72, 24, 336],
      PasskeyOrigins: ['http://localhost:3000', undefined, undefined],
      PortalUrl: ['', undefined, undefined],
      SmsPerAccountPerDay: [10, 1, 100],
      SmsPerAddressPerHour: [10, 1, 10_000],
      SmsPerPrefixPerHour: [30, 1, 100_000],
      SmsPerCountryPerHour: [500, 1, 1_000_000],
      SmsPerDay: [10_000, 1, 10_000_000],
      SmsConversionPercent: [20, 0, 90],
      SmsConversionAfter: [20, 5, 10_000],
      WafMode: ['block', ['block', 'count']],
      WafSignInLimit: [300, 10, 100_000],
      WafRegistrationLimit: [60, 10, 100_000],
      WafRecoveryLimit: [40, 10, 100_000],
      UnconfirmedRetentionHours: [48, 24, 720],
      AuditTtlDays: [90, 30, 90],
      ErasedConsentDays: [1_095, 0, 3_650],
      LogRetentionDays: [30, [7, 14, 30, 60, 90, 180, 365]],
      DeniedSignInsAlarm: [200, 1, 1_000_000],
      ApiErrorsAlarm: [10, 1, 100_000],
    });
  });

  it('all say what they are for', () => {
    for (const [name, { Description }] of ours)
      expect({ name, text: Description }).toEqual({ name, text: expect.stringMatching(/.{20,}/) });
  });

  it('each belong to one group and have a label in the console', () => {
    const { ParameterGroups = [], ParameterLabels = {} } =
      json.Metadata['AWS::CloudFormation::Interface'] ?? {};
    expect(ParameterGroups.map(({ Label }) => Label.default)).toEqual(Object.keys(settingGroups));
    expect(ParameterGroups.flatMap(({ Parameters }) => Parameters).sort()).toEqual(
      Object.keys(settings).sort(),
    );
    expect(Object.keys(ParameterLabels).sort()).toEqual(Object.keys(settings).sort());
  });

  it('never let a denial come before a challenge', () => {
    expect(settings.RiskDenyAt.min).toBeGreaterThan(settings.RiskChallengeAt.max);
  });

  it('are all used: a knob without effect would be a lie', () => {
    const used = JSON.stringify(template.toJSON().Resources) + JSON.stringify(template.toJSON().Conditions);
    for (const [name] of ours) expect(used).toContain(`{"Ref":"${name}"}`);
  });
});

describe('environment values from parameters', () => {
  it('are the parameters themselves, so that a changed value needs no new code', () => {
    const pairs = ofType(template, 'AWS::Lambda::Function').flatMap(([, fn]) =>
      Object.entries(environmentOf(fn)),
    );
    const tuned = pairs.filter(([key]) =>
      /^(RISK_(?!TABLE)|CODE_|AUDIT_TTL|UNIFORM|UNCONFIRMED_|CONTEXT_|REGISTRATIONS_|SIGN_INS_)/.test(key),
    );
    expect(tuned.length).toBeGreaterThan(15);
    for (const [key, value] of tuned) {
      const name = key.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      expect({ [key]: value }).toEqual({ [key]: { Ref: name } });
    }
  });
});
