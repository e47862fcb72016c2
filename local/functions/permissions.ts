export interface Permission {
  readonly action: string;
  /** `cognito-idp.amazonaws.com`, an account or role ARN, or `*`. */
  readonly principal: string;
  /** May hold `*` and `?`. */
  readonly sourceArn?: string;
}

interface Compiled {
  readonly permission: Permission;
  readonly source: RegExp | undefined;
}

/** Event source mappings pull with the function's own role; `internal` is the local cloud itself. */
const needsNoPolicy = new Set([
  'internal',
  'dynamodb.amazonaws.com',
  'sqs.amazonaws.com',
  'kinesis.amazonaws.com',
]);

/** Resource policies of functions: who may invoke which, and on whose behalf. */
export class Permissions {
  private readonly byFunction = new Map<string, Map<string, Compiled>>();

  /** Replaces the statement with the same id. */
  add(functionArn: string, id: string, permission: Permission): void {
    const statements = this.byFunction.get(functionArn) ?? new Map<string, Compiled>();
    statements.set(id, { permission, source: permission.sourceArn ? glob(permission.sourceArn) : undefined });
    this.byFunction.set(functionArn, statements);
  }

  allows(functionArn: string, principal: string, sourceArn: string | undefined): boolean {
    if (needsNoPolicy.has(principal)) return true;
    for (const { permission, source } of this.byFunction.get(functionArn)?.values() ?? []) {
      if (!actions.has(permission.action)) continue;
      if (permission.principal !== principal && permission.principal !== '*') continue;
      if (source === undefined || (sourceArn !== undefined && source.test(sourceArn))) return true;
    }
    return false;
  }
}

const actions = new Set(['lambda:InvokeFunction', 'lambda:*', '*']);

const glob = (pattern: string): RegExp => {
  const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
};
