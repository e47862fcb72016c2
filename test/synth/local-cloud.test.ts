import { describe, expect, it } from 'vitest';
import { accepted } from '../../local/accepted.ts';
import { knownProperties, unknownProperties } from '../../local/assembly/known-properties.ts';
import { acceptedTypes } from '../../local/services/accepted/index.ts';
import { resourcesOf, synthesize } from '../support/synth.ts';

/** Types whose provider refuses what it does not know. */
const checkItself = [
  /^AWS::CloudFront::/,
  /^AWS::Lambda::EventSourceMapping$/,
  /^Custom::CDKBucketDeployment$/,
];
/** Kept as written, and named in docs/local-cloud-cognito.md where they change nothing. */
const keptWhole = /^AWS::Cognito::(?!UserPool$|UserPoolClient$)/;

const isWithoutBehaviour = (type: string): boolean =>
  Object.hasOwn(accepted, type) || acceptedTypes.some((each) => each.type === type);

describe.each(['dev', 'prod'] as const)('the template of %s in the local cloud', (stage) => {
  const resources = Object.entries(resourcesOf(synthesize({ stage })));

  it('has no property that would be missing without a word', () => {
    const missing = resources.flatMap(([id, { Type, Properties }]) =>
      unknownProperties(Type, Properties ?? {}).map((name) => `${id} (${Type}): ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no type whose properties nobody looks at', () => {
    const types = [...new Set(resources.map(([, { Type }]) => Type))];
    const unchecked = types.filter(
      (type) =>
        !Object.hasOwn(knownProperties, type) &&
        !isWithoutBehaviour(type) &&
        !checkItself.some((pattern) => pattern.test(type)) &&
        !keptWhole.test(type),
    );
    expect(unchecked).toEqual([]);
  });
});
