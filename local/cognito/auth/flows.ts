import { checkSecretHash } from '../client-secret.ts';
import { type Engine, hidesUsers, triggerContext } from '../engine.ts';
import { invalidParameter, notImplementedLocally, userNotFound } from '../errors.ts';
import type { Client } from '../model.ts';
import { refreshSession } from '../tokens/refresh.ts';
import { advance, requireCustomTriggers } from './custom.ts';
import { migrateUser } from './migrate.ts';
import { afterPassword, askForPassword, preAuthentication, provePassword } from './password.ts';
import type { SignInAnswer, SignInCall } from './sign-in.ts';
import { readClientPublic } from './srp-exchange.ts';
import { findSubject, knownSubject, type SignInSubject } from './subject.ts';
import { startUserAuth } from './user-auth.ts';

type Flow = (engine: Engine, call: SignInCall) => Promise<SignInAnswer>;

interface FlowEntry {
  /** `ExplicitAuthFlows` of a client that allow it, today's name first. */
  readonly allowedBy: readonly string[];
  readonly adminOnly?: boolean;
  readonly start: Flow;
}

const passwordFlow: Flow = async (engine, call) => {
  const typedName = required(call, 'USERNAME');
  const password = required(call, 'PASSWORD');
  const who = await subjectOrMigrated(engine, call, typedName, password);
  await preAuthentication(engine, call, who);
  const user = await provePassword(engine, call, who, password);
  return afterPassword(engine, call, who, user, 'PASSWORD');
};

const srpFlow: Flow = async (engine, call) => {
  const who = subject(engine, call);
  const clientPublic = readClientPublic(call);
  await preAuthentication(engine, call, who);
  return askForPassword(engine, call, who, 'SRP', clientPublic);
};

const customFlow: Flow = async (engine, call) => {
  requireCustomTriggers(engine, call);
  const who = subject(engine, call);
  if (call.parameters.CHALLENGE_NAME !== 'SRP_A') return advance(engine, call, who, []);
  const clientPublic = readClientPublic(call);
  await preAuthentication(engine, call, who);
  return advance(engine, call, who, [{ challengeName: 'SRP_A', challengeResult: true }], clientPublic);
};

const userAuthFlow: Flow = (engine, call) => startUserAuth(engine, call, required(call, 'USERNAME'));

const refreshFlow: Flow = async (engine, call) => {
  const token = required(call, 'REFRESH_TOKEN');
  const result = await refreshSession(engine, call, token, {
    rotating: false,
    secretHash: call.parameters.SECRET_HASH,
    ...(call.deviceKey ? { deviceKey: call.deviceKey } : {}),
  });
  return { AuthenticationResult: result, ChallengeParameters: {} };
};

const flows: Readonly<Record<string, FlowEntry>> = {
  USER_SRP_AUTH: { allowedBy: ['ALLOW_USER_SRP_AUTH'], start: srpFlow },
  USER_PASSWORD_AUTH: { allowedBy: ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'], start: passwordFlow },
  ADMIN_USER_PASSWORD_AUTH: {
    allowedBy: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
    adminOnly: true,
    start: passwordFlow,
  },
  ADMIN_NO_SRP_AUTH: {
    allowedBy: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
    adminOnly: true,
    start: passwordFlow,
  },
  USER_AUTH: { allowedBy: ['ALLOW_USER_AUTH'], start: userAuthFlow },
  CUSTOM_AUTH: { allowedBy: ['ALLOW_CUSTOM_AUTH', 'CUSTOM_AUTH_FLOW_ONLY'], start: customFlow },
  REFRESH_TOKEN_AUTH: { allowedBy: ['ALLOW_REFRESH_TOKEN_AUTH'], start: refreshFlow },
  REFRESH_TOKEN: { allowedBy: ['ALLOW_REFRESH_TOKEN_AUTH'], start: refreshFlow },
};

/** Flows of a client that names none. */
const defaultFlows = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];

export function startSignIn(engine: Engine, call: SignInCall, flowName: string): Promise<SignInAnswer> {
  const flow = flows[flowName];
  if (!flow) throw notImplementedLocally(`The authentication flow ${flowName}`);
  const admin = call.operation === 'AdminInitiateAuth';
  if (flow.adminOnly && !admin) throw invalidParameter('Initiate Auth method not supported.');
  if (!allows(call.client, flow)) {
    throw invalidParameter(
      admin ? 'Auth flow not enabled for this client' : `${flowName} flow not enabled for this client`,
    );
  }
  return flow.start(engine, call);
}

/** The pool's own pages sign in by choice where the client allows it, and by the password alone elsewhere. */
export const startOnPages = (engine: Engine, call: SignInCall): Promise<SignInAnswer> =>
  flowOnPages(call.client).start(engine, call);

export const choosesOnPages = (client: Client): boolean => allows(client, userAuth);

const userAuth: FlowEntry = { allowedBy: ['ALLOW_USER_AUTH'], start: userAuthFlow };
const flowOnPages = (client: Client): FlowEntry =>
  choosesOnPages(client) ? userAuth : { allowedBy: [], start: passwordFlow };

function allows(client: Client, flow: FlowEntry): boolean {
  const enabled = client.settings.ExplicitAuthFlows ?? defaultFlows;
  return flow.allowedBy.some((name) => (enabled.length > 0 ? enabled : defaultFlows).includes(name));
}

function subject(engine: Engine, call: SignInCall): SignInSubject {
  const typedName = required(call, 'USERNAME');
  return findSubject(engine, call.pool, call.client, typedName);
}

/** Only a flow with the password in clear can hand it to the migration trigger. */
async function subjectOrMigrated(
  engine: Engine,
  call: SignInCall,
  typedName: string,
  password: string,
): Promise<SignInSubject> {
  if (engine.directory.find(call.pool.id, typedName) || !engine.triggers.has(call.pool, 'UserMigration')) {
    return findSubject(engine, call.pool, call.client, typedName);
  }
  const given = { password, ...(call.clientMetadata ? { validationData: call.clientMetadata } : {}) };
  const migration = await engine.triggers.userMigration(
    triggerContext(call),
    'Authentication',
    typedName,
    given,
  );
  if (!migration) {
    if (!hidesUsers(call.client)) throw userNotFound();
    return findSubject(engine, call.pool, call.client, typedName);
  }
  return knownSubject(
    engine,
    await migrateUser(engine, call.pool, typedName, migration, password),
    typedName,
  );
}

function required(call: SignInCall, name: string): string {
  const value = call.parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  if (name === 'USERNAME') checkSecretHash(call.client, call.parameters.SECRET_HASH, [value]);
  return value;
}
