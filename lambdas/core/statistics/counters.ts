import { operatorReasons } from '../administration/operator-event.ts';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import { defaultWeights } from '../risk/decide.ts';
import { challengeMethods, methods } from '../risk/decision.ts';
import { type Family, type Increment, reasonsCounted, type Vocabulary } from './families.ts';
import { mailsOf } from './mails.ts';
import { textPrice, unitPrices } from './prices.ts';

type Rule = (event: AuditEvent, vocabulary: Vocabulary) => readonly Increment[];

const one = (family: Family, ...counters: readonly string[]): readonly Increment[] =>
  counters.map((counter) => ({ family, counter, by: 1 }));

/** Bounds what one item can hold: an unknown word is `other`, and never the word itself. */
const listed = (word: unknown, list: readonly string[]): string =>
  typeof word === 'string' && list.includes(word) ? word : 'other';

/** One counter per different word, however often an event names it. */
const each = (prefix: string, words: readonly unknown[], list: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => `${prefix}:${listed(word, list)}`)),
];

const texts = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const doors = ['api', 'sdk', 'managed-login'];
const signals = Object.keys(defaultWeights);
const factors = ['passkey', 'totp', 'phone', 'recovery-codes', 'address'];
const textKinds = ['sign-in-code', 'phone-code', 'notice'];
const proofs = (event: AuditEvent, named: 'methods' | 'proven'): readonly string[] =>
  texts(event.data?.[named]).filter(
    (method): method is string => typeof method === 'string' && method !== 'password',
  );

const registration =
  (counter: string): Rule =>
  () =>
    one('registrations', counter);

const refusedRegistration: Rule = ({ reasons }) =>
  one('registrations', 'refused', ...each('refused', reasons, reasonsCounted.registrations));

const challenged: Rule = ({ reasons, data }) => [
  ...one('challenges', 'asked', ...each('reason', reasons, signals)),
  ...one('challenges', ...each('offered', texts(data?.methods), challengeMethods)),
  ...(data?.stepUp === true ? one('challenges', 'step-up') : one('signIns', 'challenged')),
];

const succeeded: Rule = (event) => {
  const { door, data } = event;
  return [
    ...one('signIns', 'succeeded', ...each('method', texts(data?.methods), methods)),
    ...(door ? one('signIns', `door:${listed(door, doors)}`) : []),
    ...(data?.level === undefined ? [] : one('signIns', `level:${listed(`${data.level}`, ['0', '1', '2'])}`)),
    ...(data?.newDevice === true ? one('signIns', 'new-device') : []),
    ...(data?.first === true ? one('registrations', 'first-sign-in') : []),
    ...one('challenges', ...each('passed', proofs(event, 'methods'), challengeMethods)),
  ];
};

const denied: Rule = ({ type, reasons, door, data }) => {
  const result = type === 'sign-in.locked' ? 'locked' : 'refused';
  return [
    ...one('denials', 'all', ...each('reason', reasons, reasonsCounted.denials)),
    ...(data?.stepUp === true
      ? one('signIns', 'step-up-refused')
      : one('signIns', result, ...(door ? [`refused-door:${listed(door, doors)}`] : []))),
  ];
};

const codeSent: Rule = ({ outcome, data }) =>
  one('challenges', ...each(outcome === 'success' ? 'sent' : 'not-sent', [data?.method], challengeMethods));

const codeRejected: Rule = ({ data }) =>
  one('challenges', ...each('rejected', [data?.method], challengeMethods));

const steppedUp: Rule = (event) => [
  ...one('signIns', 'stepped-up'),
  ...one('challenges', ...each('passed', proofs(event, 'proven'), challengeMethods)),
];

const factor =
  (what: 'enrolled' | 'removed' | 'refused', kind?: string): Rule =>
  ({ data }) =>
    one('factors', `${what}:${listed(kind ?? data?.factor, factors)}`);

const consent =
  (decision: 'granted' | 'withdrawn'): Rule =>
  ({ data }, { purposes }) =>
    one('consents', `${decision}:${listed(data?.purpose, purposes)}`);

const textSent: Rule = ({ data }, { countries }) => {
  const country = listed(data?.country, countries);
  return [
    ...one('messages', `sms:${listed(data?.kind, textKinds)}`, `sms-country:${country}`),
    { family: 'spend', counter: `sms:${country}`, by: textPrice(String(data?.country)) },
  ];
};

/** A text that the carrier did not take stays in what was sent, as it stays in every budget. */
const textRefused: Rule = ({ outcome, reasons }) =>
  outcome === 'failure'
    ? one('messages', 'sms-failed')
    : one('messages', 'sms-refused', ...each('sms-refused', reasons, reasonsCounted.messages));

const recovery =
  (counter: string): Rule =>
  () =>
    one('recoveries', counter);

const recoveryBy =
  (prefix: 'cancelled' | 'refused'): Rule =>
  ({ reasons }) =>
    one('recoveries', ...each(prefix, reasons, reasonsCounted.recoveries));

const ended: Rule = ({ actor, reasons, data }) => {
  const own = data?.scope === 'others' ? 'others' : 'self';
  const why = reasons.length > 0 ? reasons : [actor === 'operator' ? 'operator' : own];
  return one('sessions', 'ended', ...each('reason', why, reasonsCounted.sessions));
};

const none: Rule = () => [];

/** What each type of event raises, besides its mails and what an operator does with it. */
const rules: Readonly<Partial<Record<AuditEventType, Rule>>> = {
  'registration.requested': registration('requested'),
  'registration.address-taken': registration('address-taken'),
  'registration.refused': refusedRegistration,
  'registration.confirmed': registration('confirmed'),
  'registration.expired': registration('expired'),
  'sign-in.challenged': challenged,
  'sign-in.succeeded': succeeded,
  'sign-in.refused': denied,
  'sign-in.locked': denied,
  'sign-in.code-sent': codeSent,
  'sign-in.code-rejected': codeRejected,
  'session.stepped-up': steppedUp,
  'session.ended': ended,
  'session.refresh-reused': () => one('sessions', 'refresh-reused'),
  'factor.enrolled': factor('enrolled'),
  'factor.removed': factor('removed'),
  'factor.refused': factor('refused'),
  'recovery-codes.replaced': factor('enrolled', 'recovery-codes'),
  'password.changed': none,
  'address.change-requested': none,
  'link.requested': none,
  'link.added': none,
  'link.removed': none,
  'consent.granted': consent('granted'),
  'consent.withdrawn': consent('withdrawn'),
  'message.sent': textSent,
  'message.refused': textRefused,
  'recovery.code-requested': recovery('code-requested'),
  'recovery.requested': ({ actor }) =>
    one('recoveries', 'requested', ...(actor === 'operator' ? ['requested-by-operator'] : [])),
  'recovery.cancelled': recoveryBy('cancelled'),
  'recovery.completed': recovery('completed'),
  'recovery.refused': recoveryBy('refused'),
  'password.reset-requested': recovery('reset-requested'),
  'password.reset': recovery('reset'),
  'password.reset-refused': recovery('reset-refused'),
  'account.locked': none,
  'account.unlocked': none,
  'account.reset-forced': none,
  'account.looked-up': none,
  'cohort.previewed': none,
  'cohort.started': none,
  'cohort.finished': none,
  'cohort.looked-up': none,
};

export const countedTypes = Object.keys(rules) as readonly AuditEventType[];

/** Of the types that an operator can be the actor of; counts them and why. */
const operatorActs = [
  ...countedTypes.filter((type) => type.startsWith('account.') || type.startsWith('cohort.')),
  'session.ended',
  'recovery.requested',
];

/** Which counters an event raises, and by how much; none for a type that is not counted. Pure and total. */
export function countersOf(event: AuditEvent, vocabulary: Vocabulary): readonly Increment[] {
  const rule = rules[event.type];
  if (!rule) return [];
  const mail = mailsOf(event);
  return [
    ...rule(event, vocabulary),
    ...mail.flatMap((kind): Increment[] => [
      ...one('messages', `mail:${kind}`),
      { family: 'spend', counter: 'mail', by: unitPrices.mail },
    ]),
    ...(event.actor === 'operator' ? operatorAct(event) : []),
  ];
}

/** An act that came to nothing is told as a look that names it; it is no look. */
const operatorAct = ({ type, data }: AuditEvent): readonly Increment[] =>
  one(
    'operators',
    data?.act === undefined
      ? `act:${listed(type, operatorActs)}`
      : `refused:${listed(data.act, operatorActs)}`,
    ...(data?.reason === undefined ? [] : [`reason:${listed(data.reason, operatorReasons)}`]),
  );
