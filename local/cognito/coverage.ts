import { operations } from './operations/index.ts';

/** How far an operation goes: everything known, all but what is named, or nothing. */
export type Coverage =
  | { readonly operation: string; readonly state: 'full' }
  | { readonly operation: string; readonly state: 'partial'; readonly missing: string }
  | { readonly operation: string; readonly state: 'none' };

/** Operations of the service that the engine answers with "not implemented by the local cloud". */
const unimplemented = [
  'AdminListUserAuthEvents',
  'AdminUpdateAuthEventFeedback',
  'CreateUserPoolReplica',
  'DeleteUserPoolReplica',
  'DescribeTermsByClient',
  'GetProvisionedLimit',
  'GetSigningCertificate',
  'ListUserPoolReplicas',
  'UpdateAuthEventFeedback',
  'UpdateProvisionedLimit',
  'UpdateUserPoolReplica',
];

/** Every operation of the service with its state, for the documentation and for honest error messages. */
export const coverage: readonly Coverage[] = [
  ...Array.from(
    operations.values(),
    ({ name, missing }): Coverage =>
      missing ? { operation: name, state: 'partial', missing } : { operation: name, state: 'full' },
  ),
  ...unimplemented.map((operation): Coverage => ({ operation, state: 'none' })),
].sort((a, b) => a.operation.localeCompare(b.operation));

export const isKnownOperation = (name: string): boolean =>
  operations.has(name) || unimplemented.includes(name);

/** The table of docs/local-cloud-cognito.md. */
export function coverageTable(): string {
  const rows = coverage.map((entry) => {
    const state = entry.state === 'partial' ? `partial: without ${entry.missing}` : entry.state;
    return `| ${entry.operation} | ${state} |`;
  });
  return ['| Operation | State |', '|---|---|', ...rows].join('\n');
}
