import { TemplateError } from './template.ts';

const placeholder = /\$\{(!?)([^}]+)\}/g;

/** Text of `Fn::Sub`: `${Name}` and `${Name.Attribute}` are replaced, `${!Name}` becomes `${Name}`. */
export const substitute = (text: string, lookUp: (name: string) => unknown): string =>
  text.replace(placeholder, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const value = lookUp(name.trim());
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value);
    throw new TemplateError(
      `Fn::Sub: \${${name}} stands for ${JSON.stringify(value) ?? 'nothing'}, not for text`,
    );
  });

/** Names that the text refers to. */
export const substituted = (text: string): readonly string[] =>
  [...text.matchAll(placeholder)].flatMap(([, literal, name = '']) => (literal ? [] : [name.trim()]));
