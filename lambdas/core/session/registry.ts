import type { AuditEvent } from '../audit/event.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { type Method, methods } from '../risk/decision.ts';
import type { AssuranceLevel } from './assurance.ts';

/** One session as its owner sees it: what the audit events say about it, and the name that the owner gave it. */
export interface SessionRow {
  /** The session's key: the flow of its sign-in. */
  readonly id: string;
  readonly client: string;
  readonly door: 'api' | 'sdk' | 'managed-login';
  /** ISO 8601 in UTC with milliseconds, as all times here. */
  readonly startedAt: string;
  readonly lastSeenAt: string;
  /** Coarse label, for example `Firefox on Windows`. */
  readonly device?: string;
  readonly deviceId?: Pseudonym;
  readonly network?: Pseudonym;
  readonly methods: readonly Method[];
  readonly level: AssuranceLevel | 0;
  readonly name?: string;
  readonly endedAt?: string;
}

/** A device that is known: signing in on it needs no challenge as long as nothing else is unusual. */
export interface DeviceRow {
  readonly id: Pseudonym;
  readonly device?: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly name?: string;
}

export type RegistryChange =
  | {
      readonly kind: 'began';
      readonly session: SessionRow;
      readonly device?: DeviceRow;
      /** Token that the device's new one has replaced. */
      readonly formerDevice?: Pseudonym;
    }
  | { readonly kind: 'seen'; readonly id: string; readonly at: string }
  | {
      readonly kind: 'raised';
      readonly id: string;
      readonly level: AssuranceLevel;
      readonly methods: readonly Method[];
      readonly at: string;
    }
  | { readonly kind: 'ended'; readonly id: string; readonly at: string };

/**
 * What an event changes, and for whom; `undefined` for one that says nothing about one session of ours. The filter of
 * the stream (`sessionEvents` in `lambdas/tables.ts`) lets only types through that are read here.
 */
export function registryChange(
  event: AuditEvent,
): { readonly sub: Sub; readonly change: RegistryChange } | undefined {
  const { subject, flow, type, at } = event;
  if (!('sub' in subject) || flow === undefined) return undefined;
  const change = changeOf({ ...event, flow, type, at });
  return change && { sub: subject.sub, change };
}

function changeOf(event: AuditEvent & { readonly flow: string }): RegistryChange | undefined {
  const { flow: id, at, data = {} } = event;
  switch (event.type) {
    case 'sign-in.succeeded':
    case 'session.begun':
      return began(event);
    case 'session.refreshed':
      return { kind: 'seen', id, at };
    case 'session.stepped-up':
      return { kind: 'raised', id, at, level: levelIn(data), methods: methodsIn(data) };
    case 'session.ended':
      return { kind: 'ended', id, at };
    default:
      return undefined;
  }
}

/** Without a door no flow of ours decided: such a session is not known by this name. */
function began(event: AuditEvent & { readonly flow: string }): RegistryChange | undefined {
  const { flow: id, at, door, client = '', device, network, data = {} } = event;
  if (door === undefined) return undefined;
  const deviceId = text(data.deviceId) as Pseudonym | undefined;
  const formerDevice = text(data.formerDeviceId) as Pseudonym | undefined;
  return {
    kind: 'began',
    session: {
      id,
      client,
      door,
      startedAt: at,
      lastSeenAt: at,
      methods: methodsIn(data),
      level: levelAtBeginning(data),
      ...(device && { device }),
      ...(network && { network }),
      ...(deviceId && { deviceId }),
    },
    ...(deviceId && {
      device: { id: deviceId, firstSeenAt: at, lastSeenAt: at, ...(device && { device }) },
    }),
    ...(formerDevice && { formerDevice }),
  };
}

type Data = NonNullable<AuditEvent['data']>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
const levelIn = ({ level }: Data): AssuranceLevel => (level === 2 ? 2 : 1);
/** Where a session began with a provider, nothing may be vouched for. */
const levelAtBeginning = (data: Data): AssuranceLevel | 0 => (data.level === 0 ? 0 : levelIn(data));
const methodsIn = ({ methods: named }: Data): readonly Method[] =>
  Array.isArray(named) ? methods.filter((method) => named.includes(method)) : [];
