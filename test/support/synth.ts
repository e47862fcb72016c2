import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { StageName, VestibuleConfig } from '../../lib/config/types.ts';
import { VestibuleStack } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';

export const functionNames = [
  'registration',
  'sign-in',
  'messages',
  'auth-api',
  'account-api',
  'admin-api',
  'authorizer',
  'audit-forwarder',
  'notifier',
  'recovery-guard',
  'erasure',
  'session-registry',
  'statistics',
  'secret-rotation',
  'housekeeping',
] as const;

// The template rules have their own step in `npm run check`; here they would cost seconds per stack.
process.env.CDK_VALIDATION = 'false';

let bundles: string | undefined;

/** Bundles that do nothing, so that a synth test does not need a build. */
export function emptyBundles(): string {
  if (bundles) return bundles;
  bundles = mkdtempSync(join(tmpdir(), 'vestibule-bundles-'));
  for (const name of functionNames) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return bundles;
}

let pages: string | undefined;

/** One document and one asset in place of the built portal. */
export function emptyPages(): string {
  if (pages) return pages;
  pages = mkdtempSync(join(tmpdir(), 'vestibule-pages-'));
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html>\n');
  writeFileSync(join(pages, 'assets', 'index-0000.js'), 'export {};\n');
  return pages;
}

export const testApp = (outdir?: string): App =>
  new App({
    analyticsReporting: false,
    outdir,
    context: { ...cdkJson.context, 'aws:cdk:enable-asset-metadata': true },
  });

export interface SynthOptions {
  readonly stage?: StageName;
  readonly config?: VestibuleConfig;
}

export function synthesize({ stage = 'dev', config = sample }: SynthOptions = {}): Template {
  const stack = new VestibuleStack(testApp(), `Vestibule-${stage}`, {
    config,
    stage,
    bundles: emptyBundles(),
    pages: emptyPages(),
  });
  return Template.fromStack(stack);
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export const resourcesOf = (template: Template): Readonly<Record<string, Resource>> =>
  template.toJSON().Resources as Record<string, Resource>;

export const ofType = (template: Template, ...types: readonly string[]): [string, Resource][] =>
  Object.entries(resourcesOf(template)).filter(([, { Type }]) => types.includes(Type));

/** The function whose bundle has this name, by the environment value that names it. */
export function functionNamed(template: Template, name: string): [string, Resource] {
  const found = ofType(template, 'AWS::Lambda::Function').find(
    ([, fn]) => environmentOf(fn).VESTIBULE_FUNCTION === name,
  );
  if (!found) throw new Error(`no function ${name} in the template`);
  return found;
}

export const environmentOf = (fn: Resource): Readonly<Record<string, unknown>> =>
  (fn.Properties.Environment as { Variables: Record<string, unknown> }).Variables;

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Every statement of the policies attached to the role with this logical id. */
export function statementsOf(template: Template, roleId: string): readonly Statement[] {
  return ofType(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
    const roles = (Properties.Roles ?? []) as readonly { Ref: string }[];
    return roles.some(({ Ref }) => Ref === roleId)
      ? (Properties.PolicyDocument as { Statement: Statement[] }).Statement
      : [];
  });
}

export const listed = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
