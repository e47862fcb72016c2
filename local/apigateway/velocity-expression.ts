/** What a template can name: `input`, `context`, `stageVariables`, `util` and its own variables. */
export type Names = Record<string, unknown>;

export type Expression = (names: Names) => unknown;

export class VelocityError extends Error {
  constructor(problem: string) {
    super(`mapping template: ${problem}`);
    this.name = 'VelocityError';
  }
}

const TOKEN = /\s*(?:(&&|\|\||==|!=|[()!,=])|"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|(true|false)\b)/y;
const REFERENCE_START = /\s*\$!?\{?([A-Za-z]\w*)/y;
const STEP = /\.([A-Za-z][\w-]*)(\()?/y;

/** Reads references and conditions of a template from a position on. */
export class ExpressionReader {
  private readonly source: string;
  position: number;

  constructor(source: string, position: number) {
    this.source = source;
    this.position = position;
  }

  /** `a || b`, `a && b`, `a == b`, `a != b`, `!a`, parentheses, literals and references. */
  expression(): Expression {
    const left = this.conjunction();
    if (!this.take('||')) return left;
    const right = this.expression();
    return (names) => isTrue(left(names)) || isTrue(right(names));
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw new VelocityError(`expected "${symbol}" at character ${this.position}`);
  }

  /** `$name.part.other`, for `#set`. */
  assignable(): readonly string[] {
    const path = [this.match(REFERENCE_START)?.[1] ?? this.fail()];
    for (let step = this.match(STEP); step !== undefined; step = this.match(STEP)) {
      if (step[2] !== undefined) this.fail();
      path.push(step[1] ?? '');
    }
    return path;
  }

  reference(): Expression {
    const start = this.position;
    const name = this.match(REFERENCE_START)?.[1] ?? this.fail();
    const isBraced = this.source.slice(start, this.position).includes('{');
    let value: Expression = (names) => names[name];
    for (let step = this.match(STEP); step !== undefined; step = this.match(STEP)) {
      value =
        step[2] === undefined ? property(value, step[1] ?? '') : call(value, step[1] ?? '', this.arguments());
    }
    if (isBraced && this.source[this.position] === '}') this.position += 1;
    return value;
  }

  private conjunction(): Expression {
    const left = this.comparison();
    if (!this.take('&&')) return left;
    const right = this.conjunction();
    return (names) => isTrue(left(names)) && isTrue(right(names));
  }

  private comparison(): Expression {
    const left = this.operand();
    if (this.take('==')) return equality(left, this.operand(), true);
    return this.take('!=') ? equality(left, this.operand(), false) : left;
  }

  private operand(): Expression {
    if (this.take('!')) {
      const negated = this.operand();
      return (names) => !isTrue(negated(names));
    }
    if (this.take('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    return this.literal() ?? this.reference();
  }

  private literal(): Expression | undefined {
    const before = this.position;
    const found = this.match(TOKEN);
    const [, symbol, quoted, plain, number, truth] = found ?? [];
    if (found === undefined || symbol !== undefined) {
      this.position = before;
      return undefined;
    }
    const value = quoted ?? plain ?? (number === undefined ? truth === 'true' : Number(number));
    return () => value;
  }

  private arguments(): readonly Expression[] {
    const found: Expression[] = [];
    while (!this.take(')')) {
      if (found.length > 0) this.expect(',');
      found.push(this.expression());
    }
    return found;
  }

  private take(symbol: string): boolean {
    const before = this.position;
    if (this.match(TOKEN)?.[1] === symbol) return true;
    this.position = before;
    return false;
  }

  private match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.position;
    const found = expression.exec(this.source);
    if (found !== null) this.position = expression.lastIndex;
    return found ?? undefined;
  }

  private fail(): never {
    throw new VelocityError(`not understood at character ${this.position}`);
  }
}

/** Everything but false and nothing is true, an empty text too. */
export const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

const equality =
  (left: Expression, right: Expression, expected: boolean): Expression =>
  (names) =>
    (String(left(names)) === String(right(names))) === expected;

const property =
  (target: Expression, name: string): Expression =>
  (names) => {
    const value = target(names);
    return typeof value === 'object' && value !== null ? (value as Names)[name] : undefined;
  };

function call(target: Expression, name: string, args: readonly Expression[]): Expression {
  return (names) => {
    const value = target(names);
    const given = args.map((argument) => argument(names));
    const own = typeof value === 'object' && value !== null ? (value as Names)[name] : undefined;
    if (typeof own === 'function') return own(...given);
    const method = typeof value === 'string' ? STRING_METHODS[name] : undefined;
    if (method === undefined) throw new VelocityError(`${name}() is not evaluated here`);
    return method(value as string, String(given[0] ?? ''));
  };
}

/** Methods of Java strings that templates use. */
const STRING_METHODS: Readonly<Record<string, (text: string, argument: string) => unknown>> = {
  matches: (text, argument) => new RegExp(`^(?:${argument})$`).test(text),
  equals: (text, argument) => text === argument,
  equalsIgnoreCase: (text, argument) => text.toLowerCase() === argument.toLowerCase(),
  contains: (text, argument) => text.includes(argument),
  startsWith: (text, argument) => text.startsWith(argument),
  endsWith: (text, argument) => text.endsWith(argument),
  isEmpty: (text) => text === '',
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
};
