import type { Assembly, Template } from '../../../local/assembly/template.ts';
import { type CloudOptions, type RunningCloud, startCloud } from '../../../local/cloud.ts';
import { iamService } from '../../../local/iam/index.ts';
import { createLog } from '../../../local/log.ts';
import type { Service, ServiceFactory } from '../../../local/platform.ts';

/** A service with one resource type, one durable counter and operations that need a grant, or none. */
export const probeService: ServiceFactory = (cloud): Service => {
  const counts = cloud.store.collection<number>('probe');
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  return {
    name: 'kms',
    providers: [
      {
        type: 'Probe::Test::Key',
        provision: async ({ suffix, previous, properties }) => ({
          physicalId: previous?.physicalId ?? `key-${suffix}`,
          attributes: { Arn: `arn:key/${suffix}`, Known: previous !== undefined, Properties: properties },
        }),
      },
    ],
    api: {
      needs: ({ operation }) =>
        operation === 'Free' ? [] : [{ action: `kms:${operation}`, resource: 'arn:key/1' }],
      handle: async ({ operation, body, caller, sourceIp, path }) => {
        switch (operation) {
          case 'Count': {
            const next = (counts.get('n') ?? 0) + 1;
            await counts.set('n', next);
            return json(next);
          }
          case 'Break':
            throw new Error('secret detail');
          default:
            return json({ operation, caller, sourceIp, path, body: body.toString('utf8') });
        }
      },
    },
    http: [
      { prefix: '/', handle: async ({ path }) => ({ status: 200, body: `root ${path}` }) },
      {
        prefix: '/api/',
        handle: async ({ path, query, headers, sourceIp, headerValues }) => ({
          status: 201,
          headers: { 'set-cookie': ['a=1', 'b=2'] },
          body: JSON.stringify({
            path,
            query: query.toString(),
            sourceIp,
            headers,
            twice: headerValues?.['x-twice'],
          }),
        }),
      },
    ],
  };
};

/** The one service that also answers callers without credentials. */
export const publicService: ServiceFactory = (): Service & { domains(): [] } => ({
  name: 'cognito-idp',
  providers: [],
  domains: () => [],
  api: {
    needs: ({ operation }) =>
      operation === 'InitiateAuth' ? [] : [{ action: `cognito-idp:${operation}`, resource: 'arn:pool' }],
    handle: async ({ caller }) => ({ status: 200, body: JSON.stringify(caller) }),
  },
});

/** Calls an operation of the probe service with the function's own credentials, and gives status and answer. */
const callsProbe = `
  exports.handler = async ({ operation }) => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/' + process.env.AWS_REGION + '/kms/aws4_request';
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_KMS, { method: 'POST', body: '{}', headers: {
      'x-amz-target': 'TrentService.' + operation, 'content-type': 'application/x-amz-json-1.1',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=00' } });
    return { status: answer.status, body: await answer.json() };
  };`;

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

/** One function whose role may use `kms:Free` and `kms:Echo`, and nothing else. */
export const probeTemplate: Template = {
  Parameters: { Limit: { Type: 'Number', Default: 5, MinValue: 1, MaxValue: 9 } },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust,
        Policies: [
          {
            PolicyName: 'echo',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'kms:Echo', Resource: 'arn:key/1' }],
            },
          },
        ],
      },
    },
    Caller: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: callsProbe },
        Environment: { Variables: { VESTIBULE_FUNCTION: 'caller', LIMIT: { Ref: 'Limit' } } },
      },
    },
    Key: { Type: 'Probe::Test::Key', Properties: { limit: { Ref: 'Limit' } } },
  },
  Outputs: {
    UserPoolId: { Value: 'eu-west-1_Probe' },
    Key: { Value: { Ref: 'Key' } },
    Known: { Value: { 'Fn::GetAtt': ['Key', 'Known'] } },
    Function: { Value: { 'Fn::GetAtt': ['Caller', 'Arn'] } },
  },
};

export const probeAssembly: Assembly = { stackName: 'Probe', template: probeTemplate };

/** What the clouds of a test file wrote to their log. */
export const logged: string[] = [];

export const startProbe = (options: Partial<CloudOptions> = {}): Promise<RunningCloud> =>
  startCloud({
    assembly: probeAssembly,
    ephemeral: true,
    services: [iamService, probeService, publicService],
    log: createLog({ write: (line) => logged.push(line) }),
    ...options,
  });

/** Headers of a signed call, as far as the local cloud reads them. */
export const signed = (keyId: string, service = 'kms') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${keyId}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});
