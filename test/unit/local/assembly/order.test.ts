// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its placeholders so
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentOrder } from '../../../../local/assembly/order.ts';

const on = (...references: unknown[]) => ({ Type: 'T', Properties: { references } });

describe('deploymentOrder', () => {
  it.each([
    { kind: 'Ref', value: { Ref: 'B' } },
    { kind: 'GetAtt as list', value: { 'Fn::GetAtt': ['B', 'Arn'] } },
    { kind: 'GetAtt as text', value: { 'Fn::GetAtt': 'B.Arn' } },
    { kind: 'Sub', value: { 'Fn::Sub': 'x${B}' } },
    { kind: 'Sub with attribute', value: { 'Fn::Sub': '${B.Arn}' } },
    { kind: 'Sub with values', value: { 'Fn::Sub': ['${V}', { V: { Ref: 'B' } }] } },
    { kind: 'a branch of If', value: { 'Fn::If': ['C', { Ref: 'B' }, 1] } },
  ])('puts what is named by $kind first', ({ value }) => {
    expect(deploymentOrder({ A: on(value), B: on() })).toEqual(['B', 'A']);
  });

  it.each(['B', ['B']])('puts what DependsOn names first (%j)', (DependsOn) => {
    expect(deploymentOrder({ A: { Type: 'T', DependsOn }, B: on() })).toEqual(['B', 'A']);
  });

  it('takes no dependency from a literal, an own name of Sub, or a parameter', () => {
    const given = on({ 'Fn::Sub': '${!B}' }, { 'Fn::Sub': ['${B}', { B: 'x' }] }, { Ref: 'Parameter' }, 'B');
    expect(deploymentOrder({ A: given, B: on() })).toEqual(['A', 'B']);
  });

  it('names the path of a circle, and only the circle', () => {
    const resources = {
      Start: on({ Ref: 'A' }),
      A: on({ Ref: 'B' }),
      B: on({ 'Fn::GetAtt': ['C', 'Arn'] }),
      C: { Type: 'T', DependsOn: 'A' },
    };
    expect(() => deploymentOrder(resources)).toThrow('circular dependency: A → B → C → A');
  });

  it('refuses a resource that refers to itself', () => {
    expect(() => deploymentOrder({ A: on({ Ref: 'A' }) })).toThrow('circular dependency: A → A');
  });

  it('refuses a DependsOn that names nothing', () => {
    expect(() => deploymentOrder({ A: { Type: 'T', DependsOn: ['Gone'] } })).toThrow(
      'A: DependsOn names "Gone"',
    );
  });

  it('puts every resource once and after all it refers to, for any graph without circles', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { maxLength: 30 });
    void fc.assert(
      fc.property(graph, (edges) => {
        // an edge only leads to a later resource, so there is no circle
        const later = edges.map((targets, from) => targets.filter((to) => to > from && to < edges.length));
        const resources = Object.fromEntries(
          later.map((targets, from) => [`R${from}`, on(...targets.map((to) => ({ Ref: `R${to}` })))]),
        );
        const order = deploymentOrder(resources);
        expect([...order].sort()).toEqual(Object.keys(resources).sort());
        later.forEach((targets, from) => {
          for (const to of targets) {
            expect(order.indexOf(`R${to}`)).toBeLessThan(order.indexOf(`R${from}`));
          }
        });
      }),
    );
  });
});
