import type { AccountKey, Flow } from '../core/challenge/flow.ts';
import { readFlowId } from '../core/challenge/rounds.ts';
import { canonicalIdentifier, type Identifier } from '../core/identifier.ts';
import type { Pseudonym, Sub } from '../core/ids.ts';
import {
  type ContextReading,
  contextMetadataKey,
  flowMetadataKey,
  type RequestContext,
} from '../core/risk/context.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** Who signs in, as Cognito says; someone without account gets a key of the same kind and plays the same rounds. */
export interface Person {
  readonly exists: boolean;
  readonly account: AccountKey;
  readonly client: string;
  readonly identifier: Pseudonym;
  readonly subject: { readonly sub: Sub } | { readonly pseudonym: Pseudonym };
  readonly email?: Identifier;
  readonly locale?: string;
  /** A proven address; someone unknown seems to have one. */
  readonly hasMail: boolean;
  /** An administrator set the password, which has to be replaced before anything else. */
  readonly mustSetPassword: boolean;
}

/** @throws Error for an existing user without sub: the event is not usable */
export async function readPerson(
  { pseudonyms }: Pick<SignInServices, 'pseudonyms'>,
  { userName, callerContext, request }: TriggerEvent,
): Promise<Person> {
  const { sub, email: address, email_verified, locale, ...attributes } = request.userAttributes;
  const exists = !request.userNotFound;
  if (exists && !sub) throw new Error('trigger event: expected userAttributes.sub');
  const email = canonicalIdentifier(exists ? (address ?? '') : userName);
  const identifier = await pseudonyms.of('identifier', email ?? userName);
  return {
    exists,
    account: (exists ? sub : `?${identifier}`) as AccountKey,
    client: callerContext.clientId,
    identifier,
    subject: exists ? { sub: sub as Sub } : { pseudonym: identifier },
    ...(email && { email }),
    ...(locale && { locale }),
    // Attributes are always strings.
    hasMail: exists ? email !== undefined && email_verified === 'true' : true,
    mustSetPassword: exists && attributes['cognito:user_status'] === 'FORCE_CHANGE_PASSWORD',
  };
}

export type Presented =
  | { readonly known: RequestContext }
  | { readonly unknown: 'missing' | 'invalid' | 'expired' | 'foreign' };

type Readers = Pick<SignInServices, 'contexts' | 'pseudonyms'>;

/** Reads a context for use: genuine, in time, and made for this very person, to sign in or to raise a session. */
export async function readContext(
  services: Readers,
  token: string | undefined,
  person: Person,
): Promise<Presented> {
  const reading = await readToken(services, token);
  if (!('context' in reading)) return { unknown: reading.status };
  if (!(await isFor(services, reading.context, person))) return { unknown: 'foreign' };
  return reading.status === 'genuine' ? { known: reading.context } : { unknown: 'expired' };
}

async function readToken({ contexts }: Readers, token: string | undefined): Promise<ContextReading> {
  const reading = await contexts.read(token, 'sign-in');
  return reading.status === 'invalid' ? contexts.read(token, 'step-up') : reading;
}

/** Asked for by the address, or by the `sub`: a passkey and a session name the person, not the address. */
async function isFor({ pseudonyms }: Readers, context: RequestContext, person: Person): Promise<boolean> {
  if (context.identifier === person.identifier) return true;
  return person.exists && context.identifier === (await pseudonyms.of('identifier', person.account));
}

/** Which flow a call says it belongs to. */
export type FlowReference =
  | { readonly kind: 'none' }
  /** Something was presented that is not ours or not this person's. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'flow'; readonly id: string }
  | { readonly kind: 'context'; readonly id: string; readonly context: RequestContext };

/**
 * The flow that a call's metadata names: by its id, or by the context that was consumed for it. For naming, a context
 * may have expired since: codes live longer than contexts, and it gives no right to anything.
 */
export async function readReference(
  services: Readers,
  metadata: TriggerEvent['request']['clientMetadata'],
  person: Person,
): Promise<FlowReference> {
  const named = metadata[flowMetadataKey];
  if (named !== undefined) {
    const id = readFlowId(named);
    return id ? { kind: 'flow', id } : { kind: 'forged' };
  }
  const token = metadata[contextMetadataKey];
  if (token === undefined) return { kind: 'none' };
  const reading = await readToken(services, token);
  if (!('context' in reading) || !(await isFor(services, reading.context, person))) return { kind: 'forged' };
  return { kind: 'context', id: reading.context.id, context: reading.context };
}

export const belongsTo = (flow: Flow, person: Person): boolean =>
  flow.account === person.account && flow.client === person.client;
