import { type CompiledAction, compileAction, type WafAction } from './actions.ts';
import { DEFAULT_BODY_LIMIT_BYTES } from './fields.ts';
import { asList, asProperties, type Evaluation, type Properties, type WafRequest } from './request.ts';
import { compileStatement, type Matcher, type StatementContext } from './statements.ts';

/** What WAF decided on a request. `status` is absent when the protected service answers in its own words. */
export interface WafVerdict {
  readonly action: WafAction;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** To set on the request (lower-case names), replacing what the client sent under them. */
  readonly insertHeaders: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  /** The rule that ended the evaluation; absent for the default action. */
  readonly rule?: string;
  readonly webAclArn?: string;
}

export interface RuleReport {
  readonly webAcl: string;
  readonly rule: string;
  readonly priority: number;
  readonly action: string;
  readonly matched: number;
  /** What of the rule AWS alone can evaluate: for that it never matches here. */
  readonly notEvaluated?: string;
}

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly matches: Matcher;
  readonly action: CompiledAction;
  readonly labels: readonly string[];
  readonly notEvaluated: string | undefined;
  readonly isEvaluated: boolean;
  matched: number;
}

export type References = Pick<StatementContext, 'addressSet' | 'patternSet'>;

/** A web ACL, compiled once. */
export class WebAcl {
  readonly name: string;
  readonly arn: string;
  private readonly rules: readonly Rule[];
  private readonly evaluated: readonly Rule[];
  private readonly defaultAction: CompiledAction;

  /** @param labelNamespace - `awswaf:<account>:webacl:<name>:` */
  constructor(
    name: string,
    arn: string,
    labelNamespace: string,
    properties: Properties,
    references: References,
  ) {
    this.name = name;
    this.arn = arn;
    const bodies = asProperties(properties.CustomResponseBodies);
    const bodyLimitBytes = bodyLimit(properties);
    this.rules = asList(properties.Rules)
      .map(asProperties)
      .sort((first, second) => Number(first.Priority) - Number(second.Priority))
      .map((rule) => compileRule(rule, { labelNamespace, bodies, bodyLimitBytes, references, acl: name }));
    this.evaluated = this.rules.filter((rule) => rule.isEvaluated);
    this.defaultAction = compileAction(properties.DefaultAction, bodies, `${name}.DefaultAction`);
  }

  evaluate(request: WafRequest, nowMs: number): WafVerdict {
    const evaluation: Evaluation = { request, labels: new Set(), nowMs };
    let insertHeaders: Readonly<Record<string, string>> = {};
    for (const rule of this.evaluated) {
      if (!rule.matches(evaluation)) continue;
      rule.matched += 1;
      for (const label of rule.labels) evaluation.labels.add(label);
      if (rule.action.terminates !== undefined)
        return this.verdict(rule.action, insertHeaders, evaluation, rule.name);
      insertHeaders = { ...insertHeaders, ...rule.action.insertHeaders };
    }
    return this.verdict(this.defaultAction, insertHeaders, evaluation);
  }

  report(): readonly RuleReport[] {
    return this.rules.map(({ name, priority, action, matched, notEvaluated }) => ({
      webAcl: this.name,
      rule: name,
      priority,
      action: action.terminates ?? 'COUNT',
      matched,
      ...(notEvaluated === undefined ? {} : { notEvaluated }),
    }));
  }

  private verdict(
    action: CompiledAction,
    inserted: Readonly<Record<string, string>>,
    { labels }: Evaluation,
    rule?: string,
  ): WafVerdict {
    const { terminates, insertHeaders, ...response } = action;
    return {
      action: terminates ?? 'ALLOW',
      ...response,
      insertHeaders: { ...inserted, ...insertHeaders },
      labels: [...labels],
      webAclArn: this.arn,
      ...(rule === undefined ? {} : { rule }),
    };
  }
}

interface RuleContext {
  readonly acl: string;
  readonly labelNamespace: string;
  readonly bodies: Properties;
  readonly bodyLimitBytes: number;
  readonly references: References;
}

function compileRule(rule: Properties, context: RuleContext): Rule {
  const name = String(rule.Name);
  const where = `${context.acl}.${name}`;
  let notEvaluated: string | undefined;
  let isEvaluated = true;
  const matches = compileStatement(rule.Statement, {
    where,
    bodyLimitBytes: context.bodyLimitBytes,
    ...context.references,
    notEvaluated: (what) => {
      notEvaluated = what;
      isEvaluated = false;
    },
    partlyEvaluated: (what) => {
      notEvaluated = what;
    },
  });
  return {
    name,
    priority: Number(rule.Priority),
    matches,
    action: compileAction(rule.Action ?? groupAction(rule), context.bodies, `${where}.Action`),
    labels: asList(rule.RuleLabels).map((label) => context.labelNamespace + String(asProperties(label).Name)),
    notEvaluated,
    isEvaluated,
    matched: 0,
  };
}

/** A rule group decides by itself unless overridden, and the one rule of a group that is known here blocks. */
const groupAction = ({ OverrideAction }: Properties): Properties =>
  'None' in asProperties(OverrideAction) ? { Block: {} } : { Count: {} };

function bodyLimit(properties: Properties): number {
  const byResource = Object.values(asProperties(asProperties(properties.AssociationConfig).RequestBody));
  const [first] = byResource.map((settings) => String(asProperties(settings).DefaultSizeInspectionLimit));
  const kilobytes = /^KB_(\d+)$/.exec(first ?? '')?.[1];
  return kilobytes === undefined ? DEFAULT_BODY_LIMIT_BYTES : Number(kilobytes) * 1024;
}
