import { UnsupportedWaf } from './request.ts';
import type { WebAcl } from './web-acl.ts';

/** Web ACLs of the template, what they refer to and what they protect. Rebuilt at every start. */
export class WafRegistry {
  private readonly webAcls = new Map<string, WebAcl>();
  private readonly protectedBy = new Map<string, WebAcl>();
  private readonly addressSets = new Map<string, (address: string) => boolean>();
  private readonly patternSets = new Map<string, readonly string[]>();

  addWebAcl(acl: WebAcl): void {
    this.webAcls.set(acl.arn, acl);
  }

  addAddressSet(arn: string, contains: (address: string) => boolean): void {
    this.addressSets.set(arn, contains);
  }

  addPatternSet(arn: string, sources: readonly string[]): void {
    this.patternSets.set(arn, sources);
  }

  associate(resourceArn: string, webAclArn: string, where: string): void {
    this.protectedBy.set(resourceArn, known(this.webAcls, webAclArn, where));
  }

  protecting(resourceArn: string): WebAcl | undefined {
    return this.protectedBy.get(resourceArn);
  }

  all(): readonly WebAcl[] {
    return [...this.webAcls.values()];
  }

  readonly addressSet = (arn: string): ((address: string) => boolean) =>
    known(this.addressSets, arn, 'IPSet');

  readonly patternSet = (arn: string): readonly string[] => known(this.patternSets, arn, 'RegexPatternSet');
}

function known<T>(entities: ReadonlyMap<string, T>, arn: string, where: string): T {
  const entity = entities.get(arn);
  if (entity === undefined) throw new UnsupportedWaf(where, `nothing here has the ARN ${arn}`);
  return entity;
}
