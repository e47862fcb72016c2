import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { accepted } from './accepted.ts';
import { type AccessKeys, createAccessKeys } from './access-keys.ts';
import { type Deployment, deploy, type KnownResource } from './assembly/deploy.ts';
import { dynamicReferences } from './assembly/dynamic-references.ts';
import { type Assembly, readAssembly } from './assembly/template.ts';
import { createClock, type SharedClock } from './clock.ts';
import type { CognitoService } from './cognito/index.ts';
import { createFaults } from './faults.ts';
import { lambdaService } from './functions/index.ts';
import { FunctionRuntime } from './functions/runtime.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { createLog } from './log.ts';
import { createMeter } from './meter.ts';
import { type CloudOutputs, cloudOutputs } from './outputs.ts';
import type { Clock, Cloud, Faults, Log, Meter, Service, ServiceFactory } from './platform.ts';
import type { CloudFrontService } from './services/cloudfront/index.ts';
import { openState, type State } from './state.ts';

export interface CloudOptions {
  /** Directory of the cloud assembly, or an assembly that was already read. @default 'cdk.out' */
  readonly assembly?: string | Assembly;
  /** @default 'dev' */
  readonly stage?: string;
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Where state lives and `outputs.json` is written. @default - '.vestibule', or a temporary one when ephemeral */
  readonly directory?: string;
  /** Keeps nothing. @default false */
  readonly ephemeral?: boolean;
  /** Values for the template's parameters, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default - every service of the local cloud */
  readonly services?: readonly ServiceFactory[];
  /** Environments of one function at a time. @default - as many as there are cores, up to 4 when calls wait long */
  readonly maxEnvironments?: number;
  /** Lets `x-vestibule-test-source-ip` say where a request comes from, for tests only. @default false */
  readonly testSourceIp?: boolean;
  /** @default - warnings and errors to standard error */
  readonly log?: Log;
  readonly onProgress?: (step: string) => void;
}

export interface RunningCloud {
  readonly outputs: CloudOutputs;
  readonly cloud: Cloud;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Ends every thread, process and connection; the first call decides, later ones wait for it. */
  stop(): Promise<void>;
}

const accountId = '000000000000';
const defaultRegion = 'eu-west-1';

/**
 * Deploys a template to a cloud on this machine and serves it on 127.0.0.1.
 * @throws TemplateError for what is wrong with the template; AwsError `PortInUse`, `DirectoryInUse`,
 * `StateOfOtherVersion`, `DynamoEngineMissing`
 */
export async function startCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const { stage = 'dev', assembly: given = 'cdk.out', onProgress = () => {} } = options;
  const assembly = typeof given === 'string' ? await readAssembly(given, `Vestibule-${stage}`) : given;
  const cleanups: (() => Promise<void> | void)[] = [];
  const cleanUp = async () => {
    for (const each of cleanups.splice(0).reverse()) await each();
  };
  try {
    const { directory, ephemeral = false } = options;
    const state = await openState({ directory, ephemeral });
    cleanups.push(() => state.close());
    const parts = createParts(options);
    const gateway = await startGateway({
      ...parts,
      accountId,
      port: options.port ?? 0,
      testSourceIp: options.testSourceIp ?? false,
    });
    cleanups.push(() => gateway.close());
    parts.functions.connect({ url: gateway.url, answer: (call) => gateway.answer(call) });
    const cloud = new LocalCloud({
      ...parts,
      state,
      stage,
      url: gateway.url,
      region: assembly.region ?? defaultRegion,
    });
    const outputsFile = join(directory ?? state.directory, 'outputs.json');
    await rm(outputsFile, { force: true }); // of a cloud that was killed
    cleanups.push(() => rm(outputsFile, { force: true }));
    onProgress('starting services');
    await startServices(cloud, parts, gateway, options, cleanups);
    onProgress(
      `deploying ${assembly.stackName} (${Object.keys(assembly.template.Resources).length} resources)`,
    );
    const deployment = await deployTo(cloud, assembly, options);
    for (const service of cloud.services()) await service.ready?.();
    gateway.open();
    const outputs = await publish(cloud, deployment, outputsFile);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= cleanUp();
      return stopped;
    };
    return { outputs, cloud, faults: parts.faults, clock: parts.clock, meter: parts.meter, stop };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

interface Parts {
  readonly clock: SharedClock;
  readonly faults: Faults;
  readonly meter: Meter;
  readonly log: Log;
  readonly keys: AccessKeys;
  readonly functions: FunctionRuntime;
}

function createParts({ log, maxEnvironments }: CloudOptions): Parts {
  const clock = createClock();
  const faults = createFaults();
  const meter = createMeter();
  const functions = new FunctionRuntime({
    clock,
    meter,
    faults,
    ...(maxEnvironments && { maxEnvironments }),
  });
  return { clock, faults, meter, log: log ?? createLog(), keys: createAccessKeys(), functions };
}

interface LocalCloudOptions extends Parts {
  readonly state: State;
  readonly stage: string;
  readonly url: string;
  readonly region: string;
}

class LocalCloud implements Cloud {
  readonly accountId = accountId;
  readonly region: string;
  readonly stage: string;
  readonly url: string;
  readonly directory: string;
  readonly ephemeral: boolean;
  readonly clock: Clock;
  readonly store: Cloud['store'];
  readonly log: Log;
  readonly functions: FunctionRuntime;
  readonly faults: Faults;
  readonly meter: Meter;
  private readonly byName = new Map<string, Service>();
  private published: CloudOutputs | undefined;

  constructor(options: LocalCloudOptions) {
    this.region = options.region;
    this.stage = options.stage;
    this.url = options.url;
    this.directory = options.state.directory;
    this.ephemeral = options.state.ephemeral;
    this.clock = options.clock;
    this.store = options.state.store;
    this.log = options.log;
    this.functions = options.functions;
    this.faults = options.faults;
    this.meter = options.meter;
  }

  add(service: Service): void {
    if (this.byName.has(service.name)) throw new Error(`two services are named ${service.name}`);
    this.byName.set(service.name, service);
  }

  find(name: string): Service | undefined {
    return this.byName.get(name);
  }

  services(): readonly Service[] {
    return [...this.byName.values()];
  }

  service<T extends Service>(name: string): T {
    const found = this.byName.get(name);
    if (!found) throw new Error(`the local cloud has no service ${name}`);
    return found as T;
  }

  publish(outputs: CloudOutputs): void {
    this.published = outputs;
  }

  outputs(): Readonly<Record<string, unknown>> | undefined {
    return this.published && { ...this.published };
  }
}

async function startServices(
  cloud: LocalCloud,
  { functions, keys }: Parts,
  gateway: Gateway,
  options: CloudOptions,
  cleanups: (() => Promise<void> | void)[],
): Promise<void> {
  const factories = options.services ?? (await import('./all-services.ts')).allServices;
  const lambda: ServiceFactory = () => lambdaService(cloud, functions, keys);
  for (const factory of [lambda, ...factories]) {
    const service = await factory(cloud);
    cleanups.push(() => service.stop?.());
    cloud.add(service);
    gateway.add(service);
  }
}

const deployTo = (cloud: LocalCloud, assembly: Assembly, options: CloudOptions): Promise<Deployment> =>
  deploy({
    assembly,
    cloud,
    providers: cloud.services().flatMap(({ providers }) => providers),
    accepted,
    parameters: { ...ownAddress(cloud, assembly), ...options.parameters },
    known: cloud.store.collection<KnownResource>('resources'),
    dynamicReference: dynamicReferences((name) => cloud.find(name)),
  });

/** The port is known only now. `localhost` by name: browsers know no passkeys for an address. */
const portalUrlOf = ({ url }: Cloud): string => `${url.replace('127.0.0.1', 'localhost')}/portal`;

const ownAddress = (cloud: Cloud, { template }: Assembly): Record<string, string> =>
  template.Parameters && 'PortalUrl' in template.Parameters ? { PortalUrl: portalUrlOf(cloud) } : {};

/** Where the archive's bucket keeps its objects as files. */
const auditDirectory = ({ directory }: Cloud, bucket = 'audit'): string => join(directory, 's3', bucket);

/** The file is there while the cloud answers, whole or not at all: tools wait for it. */
async function publish(
  cloud: LocalCloud,
  { outputs: stack }: Deployment,
  file: string,
): Promise<CloudOutputs> {
  const { stage, region, url } = cloud;
  const auditFiles = auditDirectory(cloud, stack.AuditBucket);
  const cognito = cloud.find('cognito-idp') as CognitoService | undefined;
  const [domain] = cognito?.domains() ?? [];
  const cloudFront = cloud.find('cloudfront') as CloudFrontService | undefined;
  const portal = cloudFront?.distribution() ? `${portalUrlOf(cloud)}/` : undefined;
  const outputs = cloudOutputs({
    stage,
    region,
    url,
    stack,
    auditDirectory: auditFiles,
    ...(domain ? { managedLogin: domain.url } : {}),
    ...(portal ? { portal } : {}),
  });
  cloud.publish(outputs);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(outputs, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return outputs;
}
