import type { IconName } from '../../kit/icons.tsx';
import type { Values } from '../../text/format.ts';
import { listOf } from '../../text/intl.ts';
import { hasText, text } from '../../text/text.ts';
import type { ActivityEvent } from './attention.ts';
import { deviceName } from './sessions/device-name.ts';

/** How things in events are called for people. */
export interface Names {
  readonly purpose: (purpose: string) => string;
  /** Of fields of the profile; those that are not shown any more have none. */
  readonly field: (field: string) => string | undefined;
  /** Of the session that looks. */
  readonly network: string | undefined;
}

export interface Words {
  readonly title: string;
  /** Facts beside it, each a short line. */
  readonly details: readonly string[];
}

const activity = (key: string, values: Values = {}): string => text('activity', key as never, values);

/** An event in plain words; codes and ids never come through. */
export function wordsOf(event: ActivityEvent, names: Names): Words {
  const variant = variantOf(event);
  const key = `event.${event.type}`;
  const withVariant = variant && hasText('activity', `${key}.${variant}`) ? `${key}.${variant}` : key;
  const isKnown = hasText('activity', withVariant);
  return {
    title: isKnown ? activity(withVariant, valuesOf(event, names)) : activity('event.other'),
    details: [...changedFields(event, names), ...placeOf(event, names), ...because(event)],
  };
}

/** Where one type says several things. */
export function variantOf({ type, outcome, actor, data }: ActivityEvent): string | undefined {
  if (actor === 'operator' && type === 'session.ended') return 'operator';
  if (type === 'session.ended' && data.scope === 'others') return 'others';
  if (type === 'sign-in.succeeded' && data.newDevice === true) return 'new';
  if (type.startsWith('sign-in.') && data.stepUp === true) return 'step-up';
  if (type === 'sign-in.code-sent' && outcome !== 'success') return 'failed';
  if (type === 'registration.confirmed' && data.provider !== undefined) return 'provider';
  return undefined;
}

function valuesOf({ data }: ActivityEvent, names: Names): Values {
  const { purpose, factor, method, provider, field } = data;
  const called = (prefix: string, name: unknown) => {
    const key = `${prefix}.${String(name)}`;
    return hasText('activity', key) ? activity(key) : activity(`${prefix}.other`);
  };
  return {
    purpose: typeof purpose === 'string' ? names.purpose(purpose) : '',
    factor: called('factor', factor),
    method: called('method', method),
    provider: typeof provider === 'string' ? provider : activity('provider.other'),
    field: (typeof field === 'string' && names.field(field)) || activity('field.other'),
  };
}

function changedFields({ type, data }: ActivityEvent, names: Names): string[] {
  const { fields } = data;
  if (type !== 'profile.changed' || !Array.isArray(fields)) return [];
  const known = fields.flatMap((field) =>
    field === 'locale' ? activity('field.locale') : (names.field(field) ?? []),
  );
  return known.length > 0 ? [listOf(known)] : [];
}

/** Why something was asked or refused, where the reason helps its owner; others say nothing to a person. */
const because = ({ reasons, data }: ActivityEvent): string[] =>
  reasons
    // The line above says it already.
    .filter((reason) => !(reason === 'DEVICE_NEW' && data.newDevice === true))
    .filter((reason) => hasText('activity', `reason.${reason}`))
    .map((reason) => activity(`reason.${reason}`));

function placeOf({ actor, device, network, data }: ActivityEvent, names: Names): string[] {
  if (actor !== 'self') return [activity(`actor.${actor}`)];
  const { level } = data;
  return [
    ...(device === undefined ? [] : [deviceName(device)]),
    ...(network === undefined || names.network === undefined || network === names.network
      ? []
      : [activity('network.other')]),
    ...(level === 2 ? [activity('level.strong')] : []),
  ];
}

const icons: readonly (readonly [prefix: string, icon: IconName])[] = [
  ['sign-in.succeeded', 'key'],
  ['session.begun', 'key'],
  ['sign-in', 'lock'],
  ['registration', 'user'],
  ['session', 'devices'],
  ['device', 'devices'],
  ['factor', 'shield'],
  ['recovery-codes', 'paper'],
  ['recovery', 'hourglass'],
  ['message', 'phone'],
  ['address', 'mail'],
  ['password', 'lock'],
  ['link', 'link'],
  ['consent', 'paper'],
  ['privacy', 'download'],
  ['erasure', 'trash'],
  ['account', 'user'],
  ['profile', 'user'],
  ['prompt', 'user'],
];

/** What did not work is marked as such, whatever it was. */
export function iconOf({ type, outcome }: Pick<ActivityEvent, 'type' | 'outcome'>): IconName {
  if (outcome !== 'success') return 'warning';
  return icons.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'history';
}

/** What somebody else would do who got in; anything else needs no "was that you?". */
const telling = [
  'sign-in.succeeded',
  'sign-in.challenged',
  'session.begun',
  'session.stepped-up',
  'factor.',
  'recovery',
  'address.',
  'link.',
  'password.',
  'privacy.',
  'erasure.',
];

export const isTelling = ({ type, outcome, actor }: ActivityEvent): boolean =>
  actor === 'self' && outcome === 'success' && telling.some((prefix) => type.startsWith(prefix));
