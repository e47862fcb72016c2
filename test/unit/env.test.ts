import { describe, expect, it } from 'vitest';
import { boolean, integer, oneOf, readEnv, text } from '../../lambdas/env.ts';

const shape = {
  TABLE: text(),
  MODE: oneOf(['enforce', 'monitor'], 'enforce'),
  LIFETIME_SECONDS: integer(60, 600, 300),
  MANDATORY: boolean(false),
};

describe('environment values', () => {
  it('reads typed values and defaults', () => {
    expect(readEnv(shape, { TABLE: 'risk', LIFETIME_SECONDS: '90', MANDATORY: 'true' })).toEqual({
      TABLE: 'risk',
      MODE: 'enforce',
      LIFETIME_SECONDS: 90,
      MANDATORY: true,
    });
  });

  it.each([
    { given: 'a missing value', source: {}, names: 'TABLE: missing' },
    { given: 'an empty value', source: { TABLE: '' }, names: 'TABLE: missing' },
    { given: 'a value below the bound', source: { TABLE: 't', LIFETIME_SECONDS: '59' }, names: '60 to 600' },
    { given: 'a value above the bound', source: { TABLE: 't', LIFETIME_SECONDS: '601' }, names: '60 to 600' },
    { given: 'not a number', source: { TABLE: 't', LIFETIME_SECONDS: '5m' }, names: 'LIFETIME_SECONDS' },
    { given: 'a fraction', source: { TABLE: 't', LIFETIME_SECONDS: '90.5' }, names: 'LIFETIME_SECONDS' },
    { given: 'not a boolean', source: { TABLE: 't', MANDATORY: 'yes' }, names: 'MANDATORY' },
    { given: 'a value off the list', source: { TABLE: 't', MODE: 'off' }, names: 'MODE: expected one of' },
  ])('refuses $given by name', ({ source, names }) => expect(() => readEnv(shape, source)).toThrow(names));

  it('names every problem at once and quotes no value', () => {
    const read = () => readEnv(shape, { MODE: 'hunter2', MANDATORY: 'hunter2' });
    expect(read).toThrow(/TABLE.*MODE.*MANDATORY/);
    expect(read).not.toThrow(/hunter2/);
  });
});
