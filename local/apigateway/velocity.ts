import {
  type Expression,
  ExpressionReader,
  isTrue,
  type Names,
  VelocityError,
} from './velocity-expression.ts';

/** A compiled mapping template. Rendering may set `$context.responseOverride…`. */
export type Template = (names: Names) => string;

/** One piece of a template: text, output, assignment or a branch. */
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly expression: Expression }
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] };

interface Branch {
  readonly condition: Expression;
  readonly body: readonly Node[];
}

const DIRECTIVE =
  /#(set|if|elseif|else|end|foreach|macro|define|parse|include|stop|break|return)\b|#\{else\}|\$/g;

/**
 * Compiles the part of Velocity that mapping templates of a REST API here use: text, references, `#set`,
 * `#if`/`#elseif`/`#else`.
 * @throws VelocityError naming a directive or function outside of that
 */
export function compileTemplate(source: string): Template {
  const parser = new TemplateParser(source);
  const nodes = parser.nodes(() => false);
  return (names) => render(nodes, names);
}

class TemplateParser {
  private readonly source: string;
  private position = 0;
  private closing = '';

  constructor(source: string) {
    this.source = source;
  }

  /** Reads up to a directive that `closes` the block, or to the end. */
  nodes(closes: (directive: string) => boolean): readonly Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const found = this.nextMark();
      const end = found?.index ?? this.source.length;
      if (end > this.position) nodes.push({ kind: 'text', text: this.source.slice(this.position, end) });
      this.position = end;
      if (found === undefined) return nodes;
      const directive = found[1] ?? (found[0] === '$' ? '$' : 'else');
      if (directive !== '$') this.position += found[0].length;
      if (closes(directive)) {
        this.closing = directive;
        return nodes;
      }
      nodes.push(this.node(directive));
    }
  }

  private nextMark(): RegExpExecArray | undefined {
    DIRECTIVE.lastIndex = this.position;
    return DIRECTIVE.exec(this.source) ?? undefined;
  }

  private node(directive: string): Node {
    if (directive === '$') return this.output();
    if (directive === 'set') return this.assignment();
    if (directive === 'if') return this.branches();
    throw new VelocityError(`#${directive} is not evaluated here`);
  }

  private output(): Node {
    const reader = this.reader();
    const start = this.position;
    const expression = reader.reference();
    this.position = reader.position;
    const raw = this.source.slice(start, this.position);
    // An undefined reference stays as it is written.
    return { kind: 'output', expression: (names) => expression(names) ?? raw };
  }

  private assignment(): Node {
    const reader = this.reader();
    reader.expect('(');
    const path = reader.assignable();
    reader.expect('=');
    const value = reader.expression();
    reader.expect(')');
    this.position = reader.position;
    return { kind: 'set', path, value };
  }

  private branches(): Node {
    const branches: Branch[] = [];
    this.closing = 'if';
    while (this.closing === 'if' || this.closing === 'elseif') {
      const condition = this.condition();
      branches.push({ condition, body: this.block() });
    }
    if (this.closing === 'else') branches.push({ condition: () => true, body: this.block() });
    if (this.closing !== 'end') throw new VelocityError('#if without #end');
    this.closing = '';
    return { kind: 'if', branches };
  }

  private block(): readonly Node[] {
    this.closing = '';
    return this.nodes((directive) => directive === 'elseif' || directive === 'else' || directive === 'end');
  }

  private condition(): Expression {
    const reader = this.reader();
    reader.expect('(');
    const condition = reader.expression();
    reader.expect(')');
    this.position = reader.position;
    return condition;
  }

  private reader(): ExpressionReader {
    return new ExpressionReader(this.source, this.position);
  }
}

const render = (nodes: readonly Node[], names: Names): string =>
  nodes.map((node) => renderNode(node, names)).join('');

function renderNode(node: Node, names: Names): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'output':
      return String(node.expression(names));
    case 'set':
      assign(names, node.path, node.value(names));
      return '';
    case 'if': {
      const chosen = node.branches.find(({ condition }) => isTrue(condition(names)));
      return chosen === undefined ? '' : render(chosen.body, names);
    }
  }
}

function assign(names: Names, path: readonly string[], value: unknown): void {
  let target: Record<string, unknown> = names;
  for (const part of path.slice(0, -1)) {
    const next = target[part];
    const child: Record<string, unknown> = typeof next === 'object' && next !== null ? (next as Names) : {};
    target[part] = child;
    target = child;
  }
  target[path.at(-1) ?? ''] = value;
}
