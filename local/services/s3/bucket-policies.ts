import { compilePolicy, type Statement } from '../../iam/policy.ts';

/** A service that calls in its own name, for one resource. */
export interface ServiceCaller {
  readonly service: string;
  readonly sourceArn: string;
}

interface RawStatement {
  readonly Principal?: unknown;
}

/** What bucket policies say about services. Roles are authorized by their own policies. */
export class BucketPolicies {
  private readonly documents = new Map<string, { readonly Statement: readonly RawStatement[] }>();

  set(bucket: string, document: unknown): void {
    this.documents.set(bucket, document as { readonly Statement: readonly RawStatement[] });
  }

  allows(bucket: string, caller: ServiceCaller, action: string, resource: string): boolean {
    const context = new Map([
      ['aws:sourcearn', [caller.sourceArn]],
      ['aws:securetransport', ['true']],
      ['s3:tlsversion', ['1.3']],
    ]);
    const applying = this.about(bucket, caller).filter(
      ({ actions, appliesTo }) =>
        actions.some(({ matches }) => matches(action)) && appliesTo(resource, context),
    );
    return applying.length > 0 && applying.every(({ effect }) => effect === 'Allow');
  }

  private about(bucket: string, { service }: ServiceCaller): readonly Statement[] {
    const { Statement = [] } = this.documents.get(bucket) ?? {};
    const own = Statement.filter(({ Principal }) => names(Principal, service));
    return own.length === 0 ? [] : compilePolicy({ Statement: own }, `policy of ${bucket}`);
  }
}

function names(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  const { AWS, Service } = (principal ?? {}) as { AWS?: unknown; Service?: unknown };
  return [AWS].flat().includes('*') || [Service].flat().includes(service);
}
