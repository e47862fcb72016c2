import { CfnParameter, type CfnParameterProps, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  type NumberSettingName,
  type Setting,
  type SettingName,
  settingGroups,
  settings,
} from './definitions.ts';

export interface OperatorParametersProps {
  /** Put in front of every parameter name, for several installations in one stack. @default '' */
  readonly prefix?: string;
  /** Defaults that follow from the configuration. */
  readonly defaults?: Readonly<Partial<Record<SettingName, string>>>;
}

/** The stack parameters with bounds, defaults, groups and labels. Their names are a contract with operators. */
export class OperatorParameters extends Construct {
  private readonly parameters: ReadonlyMap<SettingName, CfnParameter>;

  constructor(scope: Construct, id: string, props: OperatorParametersProps = {}) {
    super(scope, id);
    const prefix = props.prefix ?? '';
    this.parameters = new Map(
      Object.entries<Setting>(settings).map(([name, setting]) => [
        name as SettingName,
        this.create(name, `${prefix}${name}`, {
          ...setting,
          default: props.defaults?.[name as SettingName] ?? setting.default,
        } as Setting),
      ]),
    );
    describe(Stack.of(this), prefix);
  }

  /** As text, for environment values and template properties. */
  text(name: SettingName): string {
    return this.get(name).type === 'Number' ? this.get(name).value.toString() : this.get(name).valueAsString;
  }

  number(name: NumberSettingName): number {
    return this.get(name).valueAsNumber;
  }

  /** Logical id, for conditions. */
  get(name: SettingName): CfnParameter {
    const parameter = this.parameters.get(name);
    if (!parameter) throw new Error(`${name}: not an operator parameter`);
    return parameter;
  }

  private create(id: string, logicalId: string, setting: Setting): CfnParameter {
    const parameter = new CfnParameter(this, id, {
      description: setting.description,
      default: setting.default,
      type: typeof setting.default === 'number' ? 'Number' : 'String',
      ...boundsOf(setting),
    });

    parameter.overrideLogicalId(logicalId);
    return parameter;
  }
}

function boundsOf(setting: Setting): Partial<CfnParameterProps> {
  switch (setting.kind) {
    case 'number':
      return { minValue: setting.min, maxValue: setting.max };
    case 'text':
      return { allowedPattern: setting.pattern, maxLength: setting.maxLength };
    case 'choice':
      // CloudFormation wants those of a Number as numbers; CDK types all of them as text.
      return { allowedValues: [...setting.allowed] as string[] };
  }
}

interface InterfaceMetadata {
  ParameterGroups: { Label: { default: string }; Parameters: string[] }[];
  ParameterLabels: Record<string, { default: string }>;
}

/** `AWS::CloudFormation::Interface`: how the console groups and names the parameters. Adds to what is there. */
function describe(stack: Stack, prefix: string): void {
  const key = 'AWS::CloudFormation::Interface';
  const metadata = stack.templateOptions.metadata ?? {};
  const present = metadata[key] as InterfaceMetadata | undefined;
  const groups = Object.entries(settingGroups).map(([label, group]) => ({
    Label: { default: label },
    Parameters: Object.keys(group).map((name) => `${prefix}${name}`),
  }));
  const labels = Object.entries<Setting>(settings).map(([name, { label }]) => [
    `${prefix}${name}`,
    { default: label },
  ]);
  stack.templateOptions.metadata = {
    ...metadata,
    [key]: {
      ParameterGroups: [...(present?.ParameterGroups ?? []), ...groups],
      ParameterLabels: { ...present?.ParameterLabels, ...Object.fromEntries(labels) },
    },
  };
}
