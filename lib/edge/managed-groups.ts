import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { StageConfig } from '../config/types.ts';
import { type ManagedGroup, managedRules, type RuleMode } from './rules.ts';

/**
 * Rules of the core group that look for attacks in bodies. Our bodies are JSON with passwords, names and answers:
 * a strong password may well contain `../` or `<script>`. They are parsed against a schema and never rendered, and
 * 16 kB bodies are allowed where the group stops at 8 kB.
 */
const bodyRules = ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY'];

/** What apps and servers look like to Bot Control: HTTP libraries, no browser, data-centre addresses. */
const sdkClientRules = ['CategoryHttpLibrary', 'SignalNonBrowserUserAgent', 'SignalKnownBotDataCenter'];

export interface ManagedGroupOptions {
  readonly mode: RuleMode;
  readonly botControl: NonNullable<StageConfig['botControl']>;
  /** Which requests the paid group looks at. */
  readonly botScope?: CfnWebACL.StatementProperty;
}

/** AWS's groups for both ACLs, cheapest first. Account takeover and creation groups cannot protect a user pool. */
export function managedGroups({ mode, botControl, botScope }: ManagedGroupOptions): CfnWebACL.RuleProperty[] {
  const group = (name: string, priority: number, managed: ManagedGroup) =>
    managedRules(name, priority, mode, managed);
  return [
    group('reputation', 20, { group: 'AWSManagedRulesAmazonIpReputationList' }),
    group('known-bad-inputs', 30, { group: 'AWSManagedRulesKnownBadInputsRuleSet' }),
    group('core', 40, { group: 'AWSManagedRulesCommonRuleSet', countOnly: bodyRules }),
    ...(botControl === 'off'
      ? []
      : [
          group('bot-control', 50, {
            group: 'AWSManagedRulesBotControlRuleSet',
            countOnly: sdkClientRules,
            scope: botScope,
            config: [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: botControl.toUpperCase() } }],
          }),
        ]),
  ];
}
