import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ClientConfig } from '../config/clients.ts';

/** `migration`: hands passwords of another system to Cognito; its tokens open nothing. */
export type Door = 'api' | 'migration' | ClientConfig['door'];

export interface NamedClient {
  readonly name: string;
  readonly door: Door;
  readonly clientId: string;
}

export interface ClientDirectoryProps {
  /** Of the installation. */
  readonly name: string;
  readonly clients: readonly NamedClient[];
}

/**
 * Says which client is which, by id: an SSM parameter with `{ "<client id>": { "name", "door" } }`. The pool's triggers
 * cannot have ids in their environment (the pool names them, the clients name the pool), so they read it by this name.
 */
export class ClientDirectory extends Construct {
  readonly parameter: ssm.StringParameter;

  constructor(scope: Construct, id: string, { name, clients }: ClientDirectoryProps) {
    super(scope, id);
    this.parameter = new ssm.StringParameter(this, 'Parameter', {
      parameterName: clientDirectoryName(name),
      description: 'App clients by id: name and door',
      stringValue: `{${clients.map(entry).join(',')}}`,
    });
  }
}

/** The plain name, for whoever must not refer to the resource. */
export const clientDirectoryName = (installation: string): string => `/vestibule/${installation}/clients`;

/** Written out, because an id known only at the deployment cannot be a key of an object. */
const entry = ({ clientId, name, door }: NamedClient): string =>
  `"${clientId}":${JSON.stringify({ name, door })}`;
