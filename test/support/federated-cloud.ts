import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretValue } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { VestibuleStack } from '../../lib/index.ts';
import { builtPages } from '../../local/assembly/prepare.ts';
import type { RunningCloud } from '../../local/cloud.ts';
import { buildFunctions } from '../../scripts/build-functions.ts';
import sample from '../../vestibule.config.ts';
import { openCloud } from './cloud.ts';
import { openOidcProvider, type TestProvider } from './oidc-provider.ts';
import { openSamlProvider, type TestSamlProvider } from './saml-provider.ts';
import { testApp } from './synth.ts';

const callback = 'http://localhost:3000/signed-in';
const domain = 'lindenlark-dev';
const secretName = 'test/acme';

export interface FederatedCloud {
  readonly cloud: RunningCloud;
  readonly provider: TestProvider;
  readonly campus: TestSamlProvider;
  /** Of the pool's domain. */
  readonly baseUrl: string;
  readonly callback: string;
  stop(): Promise<void>;
}

/**
 * The whole stack with two OIDC providers that are one (`Acme` is trusted with addresses, `Loose` is not) and a SAML provider
 * that is trusted, `Campus`.
 */
export async function openFederatedCloud(): Promise<FederatedCloud> {
  await buildFunctions();
  const port = await freePort();
  const baseUrl = `http://localhost:${port}/_domains/${domain}`;
  const provider = await openOidcProvider(`${baseUrl}/oauth2/idpresponse`);
  const campus = await openSamlProvider('', `${baseUrl}/saml2/idpresponse`);
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-federated-'));
  const shared = {
    kind: 'oidc',
    clientId: provider.clientId,
    secretName,
    issuer: provider.issuer,
  } as const;
  const app = testApp(directory);
  const stack = new VestibuleStack(app, 'Vestibule-dev', {
    stage: 'dev',
    pages: await builtPages(),
    config: {
      ...sample,
      providers: [
        { ...shared, name: 'Acme', trustsEmail: true },
        { ...shared, name: 'Loose' },
        {
          kind: 'saml',
          name: 'Campus',
          trustsEmail: true,
          metadata: { url: campus.metadataUrl },
          attributes: { email: 'mail', email_verified: 'mailVerified' },
        },
      ],
      clients: (sample.clients ?? []).map((client) =>
        client.door === 'managed-login' ? { ...client, providers: ['Acme', 'Loose', 'Campus'] } : client,
      ),
    },
  });
  // A real one is made by hand before the deployment.
  const secret = new secretsmanager.Secret(stack, 'AcmeSecret', {
    secretName,
    secretStringValue: SecretValue.unsafePlainText(provider.clientSecret),
  });
  stack.identity.node.findChild('Providers').node.addDependency(secret);
  app.synth();
  const cloud = await openCloud({ assembly: directory, port });
  campus.audience = `urn:amazon:cognito:sp:${cloud.outputs.userPoolId}`;
  return {
    cloud,
    provider,
    campus,
    baseUrl,
    callback,
    stop: async () => {
      await cloud.stop();
      await Promise.all([provider.close(), campus.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
}
