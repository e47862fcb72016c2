import { prepareAssembly } from '../../local/assembly/prepare.ts';
import { type Assembly, readAssembly, type TemplateResource } from '../../local/assembly/template.ts';
import type { CloudOptions } from '../../local/cloud.ts';

/**
 * The dev stack with every limit of volume out of the way: WAF's rates by its parameters, the routes' throttles by
 * leaving them out of the stage. Everything that answers is what deploys.
 * @param uniformAnswerMs - has to cover the work of the slowest route on this machine
 */
export async function unthrottled(uniformAnswerMs: number): Promise<CloudOptions> {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  return {
    assembly: withoutThrottles(await readAssembly(await prepareAssembly(), 'Vestibule-dev')),
    testSourceIp: true,
    maxEnvironments: 8,
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
      UniformAnswerMs: `${uniformAnswerMs}`,
    },
  };
}

function withoutThrottles(assembly: Assembly): Assembly {
  const { Resources } = assembly.template;
  const open = (resource: TemplateResource): TemplateResource =>
    resource.Type === 'AWS::ApiGateway::Stage'
      ? { ...resource, Properties: { ...resource.Properties, MethodSettings: [] } }
      : resource;
  const opened = Object.entries(Resources).map(([id, resource]) => [id, open(resource)] as const);
  return { ...assembly, template: { ...assembly.template, Resources: Object.fromEntries(opened) } };
}
