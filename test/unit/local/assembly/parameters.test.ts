import { describe, expect, it } from 'vitest';
import { parameterValues } from '../../../../local/assembly/parameters.ts';

const number = { Type: 'Number', Default: 30, MinValue: 1, MaxValue: '100' };

describe('parameterValues', () => {
  it('takes what was given, else the default, as text', () => {
    const declared = {
      Threshold: number,
      Mode: { Type: 'String', Default: 'count', AllowedValues: ['count', 'block'] },
      Origins: { Type: 'CommaDelimitedList', Default: 'https://a, https://b' },
      Empty: { Type: 'CommaDelimitedList', Default: '' },
    };
    expect(parameterValues(declared, { Mode: 'block' })).toEqual({
      Threshold: '30',
      Mode: 'block',
      Origins: ['https://a', 'https://b'],
      Empty: [],
    });
  });

  it.each([
    { parameter: number, value: '0', message: 'P: expected at least 1, got "0"' },
    { parameter: number, value: '101', message: 'expected at most 100' },
    { parameter: number, value: 'x', message: 'expected a number' },
    { parameter: number, value: '', message: 'expected a number' },
    {
      parameter: { Type: 'String', AllowedValues: ['a', 'b'], ConstraintDescription: 'a letter' },
      value: 'c',
      message: 'P: expected one of a, b, got "c" (a letter)',
    },
    {
      parameter: { Type: 'String', AllowedPattern: '[a-z]+|1' },
      value: '1a',
      message: 'a match of [a-z]+|1',
    },
    { parameter: { Type: 'String', MinLength: 2 }, value: 'a', message: 'at least 2 characters' },
    { parameter: { Type: 'String', MaxLength: '2' }, value: 'abc', message: 'at most 2 characters' },
    { parameter: { Type: 'List<Number>' }, value: '1,x', message: 'expected a number, got "x"' },
  ])('refuses "$value" with "$message"', ({ parameter, value, message }) => {
    expect(() => parameterValues({ P: parameter }, { P: value })).toThrow(message);
  });

  it('names every problem at once, also values for unknown parameters and missing ones', () => {
    const declared = { A: number, B: { Type: 'String' } };
    expect(() => parameterValues(declared, { A: '0', C: '1' })).toThrow(
      'parameters: C: the template has no such parameter; A: expected at least 1, got "0"; B: has no default',
    );
  });

  it('refuses a default that breaks its own bounds', () => {
    expect(() => parameterValues({ P: { ...number, Default: 500 } }, {})).toThrow('at most 100');
  });
});
