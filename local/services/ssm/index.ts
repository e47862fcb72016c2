import {
  AwsError,
  type Cloud,
  type Collection,
  type ResourceProvider,
  type Service,
} from '../../platform.ts';
import { arnOf, physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { jsonApi, type Operations } from '../json-api.ts';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

type Parameters = Collection<Parameter>;

export function ssmService(cloud: Cloud): Service {
  const parameters: Parameters = cloud.store.collection('ssm-parameters');
  return {
    name: 'ssm',
    providers: [parameterProvider(cloud, parameters)],
    api: jsonApi('ssm', operations(cloud, parameters)),
  };
}

const arnOfParameter = (cloud: Cloud, name: string): string =>
  arnOf(cloud, 'ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);

async function write(
  cloud: Cloud,
  parameters: Parameters,
  parameter: Pick<Parameter, 'name' | 'type' | 'value'>,
) {
  const before = parameters.get(parameter.name);
  if (before?.value === parameter.value && before.type === parameter.type) return before;
  const written = { ...parameter, version: (before?.version ?? 0) + 1, modifiedAt: cloud.clock.now() };
  await parameters.set(parameter.name, written);
  return written;
}

const parameterProvider = (cloud: Cloud, parameters: Parameters): ResourceProvider => ({
  type: 'AWS::SSM::Parameter',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const name = properties.optionalText('Name') ?? physicalName(request.logicalId, request.suffix);
    const { type, value } = await write(cloud, parameters, {
      name,
      type: properties.text('Type'),
      value: properties.text('Value'),
    });
    return { physicalId: name, attributes: { Type: type, Value: value } };
  },
});

function operations(cloud: Cloud, parameters: Parameters): Operations {
  const present = ({ name, type, value, version, modifiedAt }: Parameter) => ({
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: modifiedAt / 1000,
    ARN: arnOfParameter(cloud, name),
    DataType: 'text',
  });
  const byName = (nameOrArn: string) =>
    parameters.get(nameOrArn) ?? parameters.get(nameOrArn.split(':parameter').at(-1) ?? nameOrArn);
  return {
    GetParameter: {
      needs: (input) => [{ action: 'ssm:GetParameter', resource: arnOfParameter(cloud, input.text('Name')) }],
      handle: (input) => {
        const found = byName(input.text('Name'));
        if (!found) throw new AwsError('ParameterNotFound', `Parameter ${input.text('Name')} not found.`);
        return { Parameter: present(found) };
      },
    },
    GetParameters: {
      needs: (input) =>
        input
          .texts('Names')
          .map((name) => ({ action: 'ssm:GetParameters', resource: arnOfParameter(cloud, name) })),
      handle: (input) => {
        const names = input.texts('Names');
        const found = names.map((name) => byName(name));
        return {
          Parameters: found.flatMap((parameter) => (parameter ? [present(parameter)] : [])),
          InvalidParameters: names.filter((_, index) => !found[index]),
        };
      },
    },
    GetParametersByPath: {
      needs: (input) => [
        { action: 'ssm:GetParametersByPath', resource: arnOfParameter(cloud, input.text('Path')) },
      ],
      handle: (input) => {
        const path = `${input.text('Path').replace(/\/+$/, '')}/`;
        const limit = input.integer('MaxResults', { min: 1, max: 10, default: 10 });
        const after = input.optionalText('NextToken') ?? '';
        const below = [...parameters.entries()]
          .map(([, parameter]) => parameter)
          .filter(({ name }) => name.startsWith(path) && name > after)
          .filter(({ name }) => input.flag('Recursive') || !name.slice(path.length).includes('/'))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const NextToken = below.length > limit ? below[limit - 1]?.name : undefined;
        return { Parameters: below.slice(0, limit).map(present), ...(NextToken && { NextToken }) };
      },
    },
    PutParameter: {
      needs: (input) => [{ action: 'ssm:PutParameter', resource: arnOfParameter(cloud, input.text('Name')) }],
      handle: async (input) => {
        const name = input.text('Name');
        const before = parameters.get(name);
        if (before && !input.flag('Overwrite')) {
          throw new AwsError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        }
        const type = input.optionalText('Type') ?? before?.type ?? 'String';
        const { version } = await write(cloud, parameters, { name, type, value: input.text('Value') });
        return { Version: version, Tier: 'Standard' };
      },
    },
  };
}
