import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { bcrypt } from 'hash-wasm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WaitingPerson } from '../../../lambdas/core/migration/record.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { Outputs } from '../../../scripts/journey/outputs.ts';
import { readForm, requiredConsents } from '../../../scripts/journey/registration.ts';
import { Customer } from '../../support/customer.ts';
import { openMigrationCloud } from '../../support/migration-cloud.ts';
import { MigrationTables } from '../../support/migration-tables.ts';

const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
/** Every call of this file comes from one address: what the risk decision counts would answer for the limits under test. */
const parameters = {
  ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
  RiskAccountFailureLimit: '100',
  RiskAddressFailureLimit: '1000',
};
const behindTheAnswer = /AuditForwarder|Notifier|SessionRegistry|RecoveryGuard|Statistics/;
const password = 'the password of long ago';
let serial = 0;

const waitingPerson = async (): Promise<WaitingPerson> => {
  serial += 1;
  const salt = Buffer.alloc(16, serial);
  const encoded = await bcrypt({ password, salt, costFactor: 5, outputType: 'encoded' });
  return {
    email: `old.friend.${serial}.${process.pid}@example.com`,
    password: { algorithm: 'bcrypt', encoded },
    locale: 'en',
    fields: { displayName: { value: 'Old friend', purpose: 'terms' } },
    consents: [],
    exportedAt: '2026-01-01T00:00:00.000Z',
  };
};

const customerOf = (outputs: Outputs, email: string, secret = password): Customer => {
  const customer = new Customer(outputs, email);
  return Object.assign(customer, { password: secret });
};

const operatorOf = ({ region, endpoints, credentials }: Outputs) =>
  new CognitoIdentityProviderClient({ region, endpoint: endpoints.aws, credentials });

describe('people who wait for their first sign-in', () => {
  let cloud: RunningCloud;
  let tables: MigrationTables;
  let person: WaitingPerson;
  beforeAll(async () => {
    cloud = await openMigrationCloud({ parameters, maxEnvironments: 8 });
    tables = new MigrationTables(cloud.outputs);
  }, 240_000);
  beforeEach(async () => {
    person = await waitingPerson();
    await tables.add(person);
  });
  afterEach(() => cloud.faults.clear());
  afterAll(async () => {
    tables?.close();
    await cloud?.stop();
  });

  const accounts = async (email: string) => {
    const { Users = [] } = await operatorOf(cloud.outputs).send(
      new ListUsersCommand({ UserPoolId: cloud.outputs.userPoolId, Filter: `email = "${email}"` }),
    );
    return Users.length;
  };

  /** What one refused sign-in makes the cloud do. */
  const workOf = async (email: string) => {
    const before = cloud.cloud.meter.read();
    const answer = await customerOf(cloud.outputs, email, 'not the password at all').startSignIn();
    const after = cloud.cloud.meter.read();
    const counted = /^(cognito-idp:[A-Z]\w+$|dynamodb:[A-Z]\w+:function:)/;
    // What an earlier step left to functions behind the answer may fall into this one.
    const names = Object.keys(after).filter((name) => counted.test(name) && !behindTheAnswer.test(name));
    const work = names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
    return {
      status: answer.status,
      body: { ...answer.body, instance: undefined, requestId: undefined },
      work: Object.fromEntries(work.filter(([, calls]) => calls > 0)),
    };
  };

  // security.md: "Enumeration by text or time"
  it('answer a wrong password with the words and the work of unknown and of existing people', async () => {
    const existing = await new Customer(cloud.outputs).register();
    await workOf(`warm.${person.email}`);
    const waiting = await workOf(person.email);
    const unknown = await workOf(`nobody.${person.email}`);
    const known = await workOf(existing.email);
    expect(waiting.status).toBe(401);
    expect(unknown).toEqual(waiting);
    expect(known.body).toEqual(waiting.body);
    expect(known.work).toEqual(waiting.work);
    expect(waiting.work['cognito-idp:AdminInitiateAuth']).toBe(1);
  });

  // security.md: "Code or lockout race"
  it('are migrated once by many first sign-ins at the same time', async () => {
    const completed = await tables.events('migration.completed');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => customerOf(cloud.outputs, person.email).startSignIn()),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await accounts(person.email)).toBe(1);
    expect(await tables.events('migration.completed')).toBe(completed + 1);
    expect(await tables.record(person.email)).toEqual({ state: 'done', isEmpty: true });
  });

  // security.md: "Retried triggers"
  it('are migrated once when Cognito repeats the trigger', async () => {
    const completed = await tables.events('migration.completed');
    cloud.faults.add({
      service: 'lambda',
      operation: 'registration',
      effect: { kind: 'duplicate', deliveries: 3 },
      times: 10,
    });
    await customerOf(cloud.outputs, person.email).signIn();
    expect(await accounts(person.email)).toBe(1);
    expect(await tables.events('migration.completed')).toBe(completed + 1);
  });

  // security.md: "Code guessing"
  it('have at most ten guesses in an hour, and a way back by mail', { timeout: 60_000 }, async () => {
    const guesses = Array.from({ length: 25 }, (_, guess) =>
      customerOf(cloud.outputs, person.email, `guess number ${guess}`).startSignIn(),
    );
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(401);
    expect((await customerOf(cloud.outputs, person.email).startSignIn()).status).toBe(401);
    expect(await accounts(person.email)).toBe(0);

    const owner = new Customer(cloud.outputs, person.email);
    await owner.api.expect(202, 'POST', '/v1/password-resets', { identifier: person.email });
    const code = await owner.mailbox.nextCode(person.email);
    const proof = { identifier: person.email, code, password: owner.password };
    await owner.api.expect(200, 'POST', '/v1/password-resets/confirm', proof);
    await owner.signIn();
    const { body } = await owner.api.expect(200, 'GET', '/v1/me/profile');
    expect(JSON.stringify(body)).toContain('Old friend');
  });

  // security.md: "Pre-hijacking"
  it('cannot be registered by somebody else, who is told nothing', async () => {
    const form = await readForm(new Customer(cloud.outputs).api);
    const register = async (email: string) => {
      const stranger = new Customer(cloud.outputs, email);
      const body = { email, password: stranger.password, locale: 'en', consents: requiredConsents(form) };
      const answer = await stranger.api.send('POST', '/v1/registrations', body);
      return { status: answer.status, keys: Object.keys(answer.body) };
    };
    expect(await register(person.email)).toEqual(await register(`free.${person.email}`));
    expect(await accounts(person.email)).toBe(0);
    await customerOf(cloud.outputs, person.email).signIn();
  });

  // security.md: "Fail-open"
  it.each([
    [
      'DynamoDB',
      { service: 'dynamodb', effect: { kind: 'error', name: 'InternalServerError', status: 500 } },
    ],
    [
      'the trigger',
      { service: 'lambda', operation: 'registration', effect: { kind: 'error', name: 'Error' } },
    ],
    [
      'the trigger, with garbage,',
      { service: 'lambda', operation: 'registration', effect: { kind: 'garbage' } },
    ],
  ] as const)('get nothing while %s fails, and come in afterwards', async (_name, fault) => {
    cloud.faults.add({ ...fault, times: 10_000 });
    const answer = await customerOf(cloud.outputs, person.email).startSignIn();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('accessToken');
    cloud.faults.clear();
    expect(await accounts(person.email)).toBe(0);
    await customerOf(cloud.outputs, person.email).signIn();
  });

  it('are migrated by Cognito itself where a client sends the password in clear, and get no tokens past us', async () => {
    const operator = operatorOf(cloud.outputs);
    const { UserPoolClient } = await operator.send(
      new CreateUserPoolClientCommand({
        UserPoolId: cloud.outputs.userPoolId,
        ClientName: 'pages',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      }),
    );
    const signIn = (secret: string) =>
      operator.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: UserPoolClient?.ClientId,
          AuthParameters: { USERNAME: person.email, PASSWORD: secret },
        }),
      );
    await expect(signIn('not the password')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect(await accounts(person.email)).toBe(0);
    // Token generation gives a client of this kind nothing; the account is there all the same.
    await expect(signIn(password)).rejects.toMatchObject({ name: 'UserLambdaValidationException' });
    const found = await operator.send(
      new AdminGetUserCommand({ UserPoolId: cloud.outputs.userPoolId, Username: person.email }),
    );
    expect(found.UserStatus).toBe('CONFIRMED');
    expect(await tables.record(person.email)).toEqual({ state: 'done', isEmpty: true });
    await customerOf(cloud.outputs, person.email).signIn();
  });
});

describe('a legacy system that is asked', () => {
  const key = 'a legacy key of more than thirty-two characters';
  const timeoutMs = 400;
  let server: Server;
  let cloud: RunningCloud;
  let asked: { operation: string; identifier: string; isSigned: boolean }[] = [];
  let answer: (question: {
    identifier: string;
    password?: string;
  }) => { status?: number; body?: string } | 'hang' | 'drop';

  beforeAll(async () => {
    server = createServer((request, response) => {
      void read(request).then((body) => {
        const question = JSON.parse(body) as { operation: string; identifier: string; password?: string };
        asked.push({ ...question, isSigned: isSigned(request, body) });
        const given = answer(question);
        if (given === 'hang') return;
        if (given === 'drop') {
          request.socket.destroy();
          return;
        }
        response.writeHead(given.status ?? 200, {
          'content-type': 'application/json',
          location: '/elsewhere',
        });
        response.end(given.body ?? '');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity`;
    const legacyEndpoint = { url, secretName: 'legacy-signing', timeoutMs };
    cloud = await openMigrationCloud({ parameters }, { enabled: true, legacyEndpoint });
    const { region, endpoints, credentials } = cloud.outputs;
    const secrets = new SecretsManagerClient({ region, endpoint: endpoints.aws, credentials });
    await secrets.send(
      new CreateSecretCommand({ Name: 'legacy-signing', SecretString: JSON.stringify({ key }) }),
    );
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(async () => {
    await cloud?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  async function read(request: IncomingMessage): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  }

  function isSigned({ headers }: IncomingMessage, body: string): boolean {
    const signed = `${headers['x-vestibule-timestamp']}.${body}`;
    const expected = `v1=${createHmac('sha256', key).update(signed).digest('hex')}`;
    const given = String(headers['x-vestibule-signature']);
    return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  }

  const accepted = (email: string, changes: object = {}) => ({
    body: JSON.stringify({ state: 'accepted', email, emailVerified: true, locale: 'de', ...changes }),
  });
  const fresh = () => {
    serial += 1;
    return `legacy.${serial}.${process.pid}@example.com`;
  };
  const signIn = (email: string) => customerOf(cloud.outputs, email).startSignIn();

  it('lets in whom it knows with this password, and is not asked about them again', async () => {
    const email = fresh();
    answer = ({ identifier, password: typed }) =>
      identifier === email && typed === password ? accepted(email) : { body: '{"state":"refused"}' };
    expect((await customerOf(cloud.outputs, email, 'another one entirely').startSignIn()).status).toBe(401);
    await customerOf(cloud.outputs, email).signIn();
    expect(asked.every((question) => question.isSigned)).toBe(true);
    asked = [];
    await customerOf(cloud.outputs, email).signIn();
    expect(asked).toEqual([]);
  });

  it('is not told passwords of people who have an account here', async () => {
    answer = () => ({ body: '{"state":"refused"}' });
    const owner = await new Customer(cloud.outputs).register();
    asked = [];
    expect((await customerOf(cloud.outputs, owner.email, 'mistyped password').startSignIn()).status).toBe(
      401,
    );
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toMatch(/mistyped/);
    expect(JSON.stringify(asked)).not.toContain(owner.email);
  });

  // security.md: "Fail-open": slow, broken, garbled
  it.each([
    ['says another address', (email: string) => accepted(`other.${email}`)],
    ['says the address was never proven', (email: string) => accepted(email, { emailVerified: 'true' })],
    ['refuses', () => ({ body: '{"state":"refused"}' })],
  ])('opens nothing when it %s', async (_name, reply) => {
    const email = fresh();
    answer = () => reply(email);
    const { status, body } = await signIn(email);
    expect({ status, hasTokens: 'accessToken' in body }).toEqual({ status: 401, hasTokens: false });
  });

  it('opens nothing while it is slow, broken or garbled, and is given a rest after five failures', {
    timeout: 60_000,
  }, async () => {
    const email = fresh();
    const failures = [
      'hang',
      'drop',
      { status: 500 },
      { body: '{"state":' },
      { body: '{"state":"accepted"}' },
    ] as const;
    for (const failure of failures) {
      answer = () => failure;
      const begun = performance.now();
      const { status, body } = await signIn(email);
      expect(status).toBe(503);
      expect(body).not.toHaveProperty('accessToken');
      expect(performance.now() - begun).toBeLessThan(5_000);
    }
    asked = [];
    answer = () => accepted(email);
    expect((await signIn(email)).status).toBe(503);
    expect(asked).toEqual([]);
    cloud.cloud.clock.advance(31_000);
    await customerOf(cloud.outputs, email).signIn();
  });
});
