import { createHash } from 'node:crypto';
import type { LambdaService } from '../../functions/index.ts';
import type { IamService } from '../../iam/index.ts';
import type { Cloud, Needed, ResourceProvider, Service } from '../../platform.ts';
import { arnOf } from '../arns.ts';
import type { DynamoService } from '../dynamodb/index.ts';
import type { SqsService } from '../sqs/index.ts';
import { type Poller, type PollerParts, pauseUntil } from './poller.ts';
import { queuePoller } from './queue-poller.ts';
import { type MappingSettings, readSettings } from './settings.ts';
import { streamPoller } from './stream-poller.ts';

export interface MappingState {
  readonly id: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly state: 'Enabled' | 'Disabled';
  /** `OK`, or the last problem in words. */
  readonly lastResult: string;
  /** Records given up since the start. */
  readonly discarded: number;
}

export interface EventSourceService extends Service {
  mappings(): readonly MappingState[];
}

interface Mapping {
  readonly settings: MappingSettings;
  lastResult: string;
  discarded: number;
  poller?: Poller;
}

/** Feeds functions from table streams and queues, each as its function's role. */
export function eventSourceService(cloud: Cloud): EventSourceService {
  const mappings = new Map<string, Mapping>();
  return {
    name: 'event-sources',
    providers: [mappingProvider(cloud, mappings)],
    mappings: () =>
      [...mappings.values()].map(({ settings, lastResult, discarded }) => ({
        id: settings.id,
        functionArn: settings.functionArn,
        sourceArn: settings.sourceArn,
        state: settings.enabled ? 'Enabled' : 'Disabled',
        lastResult,
        discarded,
      })),
    ready: async () => {
      for (const mapping of mappings.values()) {
        if (!mapping.settings.enabled || mapping.poller) continue;
        mapping.poller = startPoller(cloud, mapping);
        mapping.poller.start();
      }
    },
    stop: async () => {
      await Promise.all([...mappings.values()].map(({ poller }) => poller?.stop()));
    },
  };
}

const mappingProvider = (cloud: Cloud, mappings: Map<string, Mapping>): ResourceProvider => ({
  type: 'AWS::Lambda::EventSourceMapping',
  provision: async (request) => {
    const id = request.previous?.physicalId ?? uuidOf(`${request.logicalId}/${request.suffix}`);
    const settings = readSettings(cloud, request, id);
    mappings.set(id, { settings, lastResult: 'No records processed', discarded: 0 });
    const EventSourceMappingArn = arnOf(cloud, 'lambda', `event-source-mapping:${id}`);
    return { physicalId: id, attributes: { Id: id, EventSourceMappingArn } };
  },
});

/** The same for the same resource: checkpoints are kept under it. */
const uuidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

function startPoller(cloud: Cloud, mapping: Mapping): Poller {
  const { settings } = mapping;
  const stopping = new AbortController();
  const dynamodb = () => cloud.service<DynamoService>('dynamodb');
  const isStream = settings.sourceArn.startsWith('arn:aws:dynamodb:');
  const needs = isStream ? dynamodb().streamNeeds(settings.sourceArn) : queueNeeds(settings.sourceArn);
  const parts: PollerParts = {
    cloud,
    settings,
    stopping,
    permitted: () => permitted(cloud, mapping, needs),
    problem: (message) => report(cloud, mapping, message),
    discarded: (message, count) => discarded(cloud, mapping, message, count),
    pause: pauseUntil(stopping.signal),
  };
  if (!isStream) return queuePoller({ ...parts, sqs: cloud.service<SqsService>('sqs') });
  return streamPoller({
    ...parts,
    source: dynamodb().stream(settings.sourceArn),
    checkpoints: cloud.store.collection('event-source-checkpoints'),
    onWrite: (wake) => dynamodb().onWrite(/table\/([^/]+)/.exec(settings.sourceArn)?.[1] ?? '', wake),
  });
}

const queueNeeds = (resource: string): readonly Needed[] =>
  ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
    action,
    resource,
  }));

function permitted(cloud: Cloud, mapping: Mapping, needs: readonly Needed[]): boolean {
  const role = cloud.service<LambdaService>('lambda').roleOf(mapping.settings.functionArn);
  if (!role) {
    report(cloud, mapping, `PROBLEM: no function ${mapping.settings.functionArn}`);
    return false;
  }
  const iam = cloud.service<IamService>('iam');
  const refused = needs.find((needed) => !iam.authorize(role, needed).allowed);
  if (refused) {
    report(cloud, mapping, `PROBLEM: ${role} is not allowed ${refused.action} on ${refused.resource}`);
    return false;
  }
  mapping.lastResult = 'OK';
  return true;
}

/** Once per change of state: a mapping polls many times a minute. */
function report(cloud: Cloud, mapping: Mapping, message: string): void {
  if (mapping.lastResult !== message) {
    cloud.log.warn('event source mapping', { function: mapping.settings.functionArn, problem: message });
  }
  mapping.lastResult = message;
}

async function discarded(cloud: Cloud, mapping: Mapping, body: string, count: number): Promise<void> {
  const { failureQueueArn, functionArn } = mapping.settings;
  mapping.discarded += count;
  cloud.meter.count('lambda:discarded-records', count);
  const needed = { action: 'sqs:SendMessage', resource: failureQueueArn ?? '' };
  if (failureQueueArn && permitted(cloud, mapping, [needed])) {
    await cloud.service<SqsService>('sqs').send(failureQueueArn, { body });
  } else {
    cloud.log.error('event source mapping: records are lost', { function: functionArn, records: count });
  }
}
