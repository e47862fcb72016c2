/** A message: a line with `{names}`, or one line per plural category of its `{count}` (CLDR, by Intl.PluralRules). */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export type Values = Readonly<Record<string, string | number>>;

/** Numbers are written as the language writes them; a name without a value stays visible, so that a test finds it. */
export function format(message: Message, values: Values, language: string): string {
  const line = typeof message === 'string' ? message : pluralOf(message, values, language);
  return line.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

function pluralOf(message: Exclude<Message, string>, { count }: Values, language: string): string {
  const category = new Intl.PluralRules(language).select(Number(count));
  return message[category] ?? message.other;
}
