import { TemplateError, type TemplateParameter } from './template.ts';

export type ParameterValue = string | readonly string[];

/**
 * Values of the template's parameters: what was asked for, else the default.
 * @throws TemplateError with every problem, each naming its parameter
 */
export function parameterValues(
  declared: Readonly<Record<string, TemplateParameter>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, ParameterValue>> {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  const problems = unknown.map((name) => `${name}: the template has no such parameter`);
  const values: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const text = given[name] ?? parameter.Default;
    if (text === undefined) problems.push(`${name}: has no default, give it a value`);
    else {
      problems.push(...violations(name, parameter, String(text)));
      values[name] = isList(parameter) ? splitList(String(text)) : String(text);
    }
  }
  if (problems.length > 0) throw new TemplateError(`parameters: ${problems.join('; ')}`);
  return values;
}

const isList = ({ Type }: TemplateParameter): boolean =>
  Type === 'CommaDelimitedList' || Type.startsWith('List<');
const isNumeric = ({ Type }: TemplateParameter): boolean => Type === 'Number' || Type === 'List<Number>';
const splitList = (text: string): string[] => (text === '' ? [] : text.split(',').map((item) => item.trim()));

function violations(name: string, parameter: TemplateParameter, text: string): string[] {
  const values = isList(parameter) ? splitList(text) : [text];
  const why = parameter.ConstraintDescription ? ` (${parameter.ConstraintDescription})` : '';
  return values.flatMap((value) => {
    const broken = violation(parameter, value);
    return broken ? [`${name}: expected ${broken}, got "${value}"${why}`] : [];
  });
}

/** What was expected of the value, or nothing when it is allowed. */
function violation(parameter: TemplateParameter, value: string): string | undefined {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength } = parameter;
  if (AllowedValues && !AllowedValues.map(String).includes(value))
    return `one of ${AllowedValues.join(', ')}`;
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    return `a match of ${AllowedPattern}`;
  if (MinLength !== undefined && value.length < Number(MinLength)) return `at least ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `at most ${MaxLength} characters`;
  return isNumeric(parameter) ? numericViolation(parameter, value) : undefined;
}

function numericViolation({ MinValue, MaxValue }: TemplateParameter, value: string): string | undefined {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return 'a number';
  if (MinValue !== undefined && number < Number(MinValue)) return `at least ${MinValue}`;
  if (MaxValue !== undefined && number > Number(MaxValue)) return `at most ${MaxValue}`;
  return undefined;
}
